/* SPDX-License-Identifier: Apache-2.0
 *
 * qemu_plugin.h - what the counter uses of QEMU's TCG plugin interface, version 1 (QEMU 4.2 to
 * 8.2). Debian's packages do not ship QEMU's own header; these are its names, types and numbers.
 */
#ifndef QEMU_PLUGIN_H
#define QEMU_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_EXPORT __attribute__((visibility("default")))
#define PLUGIN_VERSION 1

typedef uint64_t plugin_id;
typedef uint32_t plugin_memory; /* what a memory access was */
struct qemu_plugin_tb;          /* a translated block */
struct qemu_plugin_insn;        /* an instruction in it, while it is translated */
typedef struct plugin_machine plugin_machine;

enum { PLUGIN_NO_REGISTERS = 0 };   /* a callback reads and writes no guest registers */
enum { PLUGIN_WRITES = 2 };         /* of memory accesses: stores */
enum { PLUGIN_INLINE_ADD_U64 = 0 }; /* *place += number, without a call */

typedef void (*plugin_on_translate)(plugin_id, struct qemu_plugin_tb *);
typedef void (*plugin_on_execute)(unsigned core, void *data);
typedef void (*plugin_on_access)(unsigned core, plugin_memory, uint64_t address, void *data);
typedef void (*plugin_on_exit)(plugin_id, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, plugin_on_translate);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, plugin_on_execute, int registers,
                                          void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int operation,
                                                void *place, uint64_t number);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *, plugin_on_access, int registers,
                                      int accesses, void *data);
void qemu_plugin_register_atexit_cb(plugin_id, plugin_on_exit, void *data);

bool                     qemu_plugin_mem_is_store(plugin_memory);
size_t                   qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t index);
const void              *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
uint64_t                 qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);

#endif
