/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_sources.h"

static const uint8_t add_h[] = {
#embed "../../Sources/CKWS/add.h"
};
static const uint8_t add_bytes_c[] = {
#embed "../../Sources/CKWS/add_bytes.c"
};
static const uint8_t add_dsp_c[] = {
#embed "../../Sources/CKWS/add_dsp.c"
};
static const uint8_t add_mve_c[] = {
#embed "../../Sources/CKWS/add_mve.c"
};
static const uint8_t add_ref_c[] = {
#embed "../../Sources/CKWS/add_ref.c"
};
static const uint8_t avgpool_dsp_c[] = {
#embed "../../Sources/CKWS/avgpool_dsp.c"
};
static const uint8_t avgpool_fours_c[] = {
#embed "../../Sources/CKWS/avgpool_fours.c"
};
static const uint8_t avgpool_mve_c[] = {
#embed "../../Sources/CKWS/avgpool_mve.c"
};
static const uint8_t avgpool_ref_c[] = {
#embed "../../Sources/CKWS/avgpool_ref.c"
};
static const uint8_t bands_c[] = {
#embed "../../Sources/CKWS/bands.c"
};
static const uint8_t bands_mve_c[] = {
#embed "../../Sources/CKWS/bands_mve.c"
};
static const uint8_t bins_c[] = {
#embed "../../Sources/CKWS/bins.c"
};
static const uint8_t bins_dsp_c[] = {
#embed "../../Sources/CKWS/bins_dsp.c"
};
static const uint8_t bins_mve_c[] = {
#embed "../../Sources/CKWS/bins_mve.c"
};
static const uint8_t bit_reversed_h[] = {
#embed "../../Sources/CKWS/bit_reversed.h"
};
static const uint8_t blocks_h[] = {
#embed "../../Sources/CKWS/blocks.h"
};
static const uint8_t blocks_chains_h[] = {
#embed "../../Sources/CKWS/blocks_chains.h"
};
static const uint8_t blocks_code_dsp_h[] = {
#embed "../../Sources/CKWS/blocks_code_dsp.h"
};
static const uint8_t blocks_dsp_c[] = {
#embed "../../Sources/CKWS/blocks_dsp.c"
};
static const uint8_t blocks_mve_c[] = {
#embed "../../Sources/CKWS/blocks_mve.c"
};
static const uint8_t blocks_ref_c[] = {
#embed "../../Sources/CKWS/blocks_ref.c"
};
static const uint8_t blocks_scalar_h[] = {
#embed "../../Sources/CKWS/blocks_scalar.h"
};
static const uint8_t blocks_v6m_c[] = {
#embed "../../Sources/CKWS/blocks_v6m.c"
};
static const uint8_t blocks_v7m_c[] = {
#embed "../../Sources/CKWS/blocks_v7m.c"
};
static const uint8_t blocks_w2_dsp_c[] = {
#embed "../../Sources/CKWS/blocks_w2_dsp.c"
};
static const uint8_t blocks_w3_dsp_c[] = {
#embed "../../Sources/CKWS/blocks_w3_dsp.c"
};
static const uint8_t blocks_w4_dsp_c[] = {
#embed "../../Sources/CKWS/blocks_w4_dsp.c"
};
static const uint8_t blocks_w8_dsp_c[] = {
#embed "../../Sources/CKWS/blocks_w8_dsp.c"
};
static const uint8_t bounds_h[] = {
#embed "../../Sources/CKWS/bounds.h"
};
static const uint8_t check_h[] = {
#embed "../../Sources/CKWS/check.h"
};
static const uint8_t code_mve_h[] = {
#embed "../../Sources/CKWS/code_mve.h"
};
static const uint8_t column_t32_c[] = {
#embed "../../Sources/CKWS/column_t32.c"
};
static const uint8_t column_t32_h[] = {
#embed "../../Sources/CKWS/column_t32.h"
};
static const uint8_t columns3_dsp_c[] = {
#embed "../../Sources/CKWS/columns3_dsp.c"
};
static const uint8_t columns4_dsp_c[] = {
#embed "../../Sources/CKWS/columns4_dsp.c"
};
static const uint8_t columns8_dsp_c[] = {
#embed "../../Sources/CKWS/columns8_dsp.c"
};
static const uint8_t columns_asm_dsp_h[] = {
#embed "../../Sources/CKWS/columns_asm_dsp.h"
};
static const uint8_t columns_dsp_h[] = {
#embed "../../Sources/CKWS/columns_dsp.h"
};
static const uint8_t conv_dsp_c[] = {
#embed "../../Sources/CKWS/conv_dsp.c"
};
static const uint8_t conv_mve_c[] = {
#embed "../../Sources/CKWS/conv_mve.c"
};
static const uint8_t conv_ref_c[] = {
#embed "../../Sources/CKWS/conv_ref.c"
};
static const uint8_t conv_v6m_c[] = {
#embed "../../Sources/CKWS/conv_v6m.c"
};
static const uint8_t conv_v7m_c[] = {
#embed "../../Sources/CKWS/conv_v7m.c"
};
static const uint8_t cores_v7m_h[] = {
#embed "../../Sources/CKWS/cores_v7m.h"
};
static const uint8_t crc32_c[] = {
#embed "../../Sources/CKWS/crc32.c"
};
static const uint8_t crc32_h[] = {
#embed "../../Sources/CKWS/crc32.h"
};
static const uint8_t dct_c[] = {
#embed "../../Sources/CKWS/dct.c"
};
static const uint8_t dense_blocks_c[] = {
#embed "../../Sources/CKWS/dense_blocks.c"
};
static const uint8_t dense_dsp_c[] = {
#embed "../../Sources/CKWS/dense_dsp.c"
};
static const uint8_t dense_gaps_c[] = {
#embed "../../Sources/CKWS/dense_gaps.c"
};
static const uint8_t dense_mve_c[] = {
#embed "../../Sources/CKWS/dense_mve.c"
};
static const uint8_t dense_ref_c[] = {
#embed "../../Sources/CKWS/dense_ref.c"
};
static const uint8_t dense_v6m_c[] = {
#embed "../../Sources/CKWS/dense_v6m.c"
};
static const uint8_t dense_v7m_c[] = {
#embed "../../Sources/CKWS/dense_v7m.c"
};
static const uint8_t depthwise_h[] = {
#embed "../../Sources/CKWS/depthwise.h"
};
static const uint8_t depthwise_any_c[] = {
#embed "../../Sources/CKWS/depthwise_any.c"
};
static const uint8_t depthwise_any_h[] = {
#embed "../../Sources/CKWS/depthwise_any.h"
};
static const uint8_t depthwise_column_t32_c[] = {
#embed "../../Sources/CKWS/depthwise_column_t32.c"
};
static const uint8_t depthwise_mve_c[] = {
#embed "../../Sources/CKWS/depthwise_mve.c"
};
static const uint8_t depthwise_mve_h[] = {
#embed "../../Sources/CKWS/depthwise_mve.h"
};
static const uint8_t depthwise_slide_t32_c[] = {
#embed "../../Sources/CKWS/depthwise_slide_t32.c"
};
static const uint8_t depthwise_steps_t32_c[] = {
#embed "../../Sources/CKWS/depthwise_steps_t32.c"
};
static const uint8_t depthwise_steps_t32_h[] = {
#embed "../../Sources/CKWS/depthwise_steps_t32.h"
};
static const uint8_t depthwise_tall_dsp_c[] = {
#embed "../../Sources/CKWS/depthwise_tall_dsp.c"
};
static const uint8_t depthwise_v7m_h[] = {
#embed "../../Sources/CKWS/depthwise_v7m.h"
};
static const uint8_t detection_energy_c[] = {
#embed "../../Sources/CKWS/detection_energy.c"
};
static const uint8_t detection_phrases_c[] = {
#embed "../../Sources/CKWS/detection_phrases.c"
};
static const uint8_t detector_c[] = {
#embed "../../Sources/CKWS/detector.c"
};
static const uint8_t detector_h[] = {
#embed "../../Sources/CKWS/detector.h"
};
static const uint8_t detector_check_c[] = {
#embed "../../Sources/CKWS/detector_check.c"
};
static const uint8_t divide_c[] = {
#embed "../../Sources/CKWS/divide.c"
};
static const uint8_t divide_mve_c[] = {
#embed "../../Sources/CKWS/divide_mve.c"
};
static const uint8_t dw3_narrow_v7m_c[] = {
#embed "../../Sources/CKWS/dw3_narrow_v7m.c"
};
static const uint8_t dw3_rows_v7m_c[] = {
#embed "../../Sources/CKWS/dw3_rows_v7m.c"
};
static const uint8_t dw3_v7m_h[] = {
#embed "../../Sources/CKWS/dw3_v7m.h"
};
static const uint8_t dw3_w8_v7m_c[] = {
#embed "../../Sources/CKWS/dw3_w8_v7m.c"
};
static const uint8_t dwconv3_v6m_c[] = {
#embed "../../Sources/CKWS/dwconv3_v6m.c"
};
static const uint8_t dwconv_column_v6m_c[] = {
#embed "../../Sources/CKWS/dwconv_column_v6m.c"
};
static const uint8_t dwconv_dsp_c[] = {
#embed "../../Sources/CKWS/dwconv_dsp.c"
};
static const uint8_t dwconv_groups_mve_c[] = {
#embed "../../Sources/CKWS/dwconv_groups_mve.c"
};
static const uint8_t dwconv_large_mve_c[] = {
#embed "../../Sources/CKWS/dwconv_large_mve.c"
};
static const uint8_t dwconv_line_mve_c[] = {
#embed "../../Sources/CKWS/dwconv_line_mve.c"
};
static const uint8_t dwconv_lists_v6m_c[] = {
#embed "../../Sources/CKWS/dwconv_lists_v6m.c"
};
static const uint8_t dwconv_mve_c[] = {
#embed "../../Sources/CKWS/dwconv_mve.c"
};
static const uint8_t dwconv_mve_h[] = {
#embed "../../Sources/CKWS/dwconv_mve.h"
};
static const uint8_t dwconv_plain_mve_c[] = {
#embed "../../Sources/CKWS/dwconv_plain_mve.c"
};
static const uint8_t dwconv_ref_c[] = {
#embed "../../Sources/CKWS/dwconv_ref.c"
};
static const uint8_t dwconv_runs_mve_c[] = {
#embed "../../Sources/CKWS/dwconv_runs_mve.c"
};
static const uint8_t dwconv_taps_v6m_c[] = {
#embed "../../Sources/CKWS/dwconv_taps_v6m.c"
};
static const uint8_t dwconv_three_mve_c[] = {
#embed "../../Sources/CKWS/dwconv_three_mve.c"
};
static const uint8_t dwconv_v6m_c[] = {
#embed "../../Sources/CKWS/dwconv_v6m.c"
};
static const uint8_t dwconv_v6m_h[] = {
#embed "../../Sources/CKWS/dwconv_v6m.h"
};
static const uint8_t dwconv_v7m_c[] = {
#embed "../../Sources/CKWS/dwconv_v7m.c"
};
static const uint8_t dwconv_words_mve_c[] = {
#embed "../../Sources/CKWS/dwconv_words_mve.c"
};
static const uint8_t exp2_table_c[] = {
#embed "../../Sources/CKWS/exp2_table.c"
};
static const uint8_t feature_c[] = {
#embed "../../Sources/CKWS/feature.c"
};
static const uint8_t features_logmel_c[] = {
#embed "../../Sources/CKWS/features_logmel.c"
};
static const uint8_t features_logsum_c[] = {
#embed "../../Sources/CKWS/features_logsum.c"
};
static const uint8_t features_mfcc_c[] = {
#embed "../../Sources/CKWS/features_mfcc.c"
};
static const uint8_t features_mfcc_peak_c[] = {
#embed "../../Sources/CKWS/features_mfcc_peak.c"
};
static const uint8_t features_pcen_c[] = {
#embed "../../Sources/CKWS/features_pcen.c"
};
static const uint8_t features_waveform_c[] = {
#embed "../../Sources/CKWS/features_waveform.c"
};
static const uint8_t fft_c[] = {
#embed "../../Sources/CKWS/fft.c"
};
static const uint8_t fft_dsp_c[] = {
#embed "../../Sources/CKWS/fft_dsp.c"
};
static const uint8_t fft_levels_h[] = {
#embed "../../Sources/CKWS/fft_levels.h"
};
static const uint8_t fft_mve_c[] = {
#embed "../../Sources/CKWS/fft_mve.c"
};
static const uint8_t front_end_h[] = {
#embed "../../Sources/CKWS/front_end.h"
};
static const uint8_t front_end_check_c[] = {
#embed "../../Sources/CKWS/front_end_check.c"
};
static const uint8_t gaps_h[] = {
#embed "../../Sources/CKWS/gaps.h"
};
static const uint8_t gaps_ref_c[] = {
#embed "../../Sources/CKWS/gaps_ref.c"
};
static const uint8_t gaps_t32_c[] = {
#embed "../../Sources/CKWS/gaps_t32.c"
};
static const uint8_t gaps_v6m_c[] = {
#embed "../../Sources/CKWS/gaps_v6m.c"
};
static const uint8_t gate_rows_h[] = {
#embed "../../Sources/CKWS/gate_rows.h"
};
static const uint8_t gate_rows_dsp_c[] = {
#embed "../../Sources/CKWS/gate_rows_dsp.c"
};
static const uint8_t gate_rows_mve_c[] = {
#embed "../../Sources/CKWS/gate_rows_mve.c"
};
static const uint8_t gate_rows_mve_h[] = {
#embed "../../Sources/CKWS/gate_rows_mve.h"
};
static const uint8_t gate_rows_ref_c[] = {
#embed "../../Sources/CKWS/gate_rows_ref.c"
};
static const uint8_t gate_rows_v6m_c[] = {
#embed "../../Sources/CKWS/gate_rows_v6m.c"
};
static const uint8_t gate_rows_v7m_c[] = {
#embed "../../Sources/CKWS/gate_rows_v7m.c"
};
static const uint8_t gates_h[] = {
#embed "../../Sources/CKWS/gates.h"
};
static const uint8_t gates_mve_h[] = {
#embed "../../Sources/CKWS/gates_mve.h"
};
static const uint8_t gather_dsp_c[] = {
#embed "../../Sources/CKWS/gather_dsp.c"
};
static const uint8_t gather_dsp_h[] = {
#embed "../../Sources/CKWS/gather_dsp.h"
};
static const uint8_t geometry_h[] = {
#embed "../../Sources/CKWS/geometry.h"
};
static const uint8_t getters_c[] = {
#embed "../../Sources/CKWS/getters.c"
};
static const uint8_t gru_h[] = {
#embed "../../Sources/CKWS/gru.h"
};
static const uint8_t gru_dense_c[] = {
#embed "../../Sources/CKWS/gru_dense.c"
};
static const uint8_t gru_gaps_c[] = {
#embed "../../Sources/CKWS/gru_gaps.c"
};
static const uint8_t gru_ref_c[] = {
#embed "../../Sources/CKWS/gru_ref.c"
};
static const uint8_t infer_c[] = {
#embed "../../Sources/CKWS/infer.c"
};
static const uint8_t inner_h[] = {
#embed "../../Sources/CKWS/inner.h"
};
static const uint8_t instance_h[] = {
#embed "../../Sources/CKWS/instance.h"
};
static const uint8_t kept_check_c[] = {
#embed "../../Sources/CKWS/kept_check.c"
};
static const uint8_t kws_c[] = {
#embed "../../Sources/CKWS/kws.c"
};
static const uint8_t kws_h[] = {
#embed "../../Include/kws.h"
};
static const uint8_t kws_fixed_h[] = {
#embed "../../Sources/CKWS/kws_fixed.h"
};
static const uint8_t kws_model_h[] = {
#embed "../../Include/kws_model.h"
};
static const uint8_t layer_check_c[] = {
#embed "../../Sources/CKWS/layer_check.c"
};
static const uint8_t log2_table_c[] = {
#embed "../../Sources/CKWS/log2_table.c"
};
static const uint8_t log_sums_h[] = {
#embed "../../Sources/CKWS/log_sums.h"
};
static const uint8_t logmel_c[] = {
#embed "../../Sources/CKWS/logmel.c"
};
static const uint8_t lstm_h[] = {
#embed "../../Sources/CKWS/lstm.h"
};
static const uint8_t lstm_dense_c[] = {
#embed "../../Sources/CKWS/lstm_dense.c"
};
static const uint8_t lstm_gaps_c[] = {
#embed "../../Sources/CKWS/lstm_gaps.c"
};
static const uint8_t lstm_mve_c[] = {
#embed "../../Sources/CKWS/lstm_mve.c"
};
static const uint8_t lstm_ref_c[] = {
#embed "../../Sources/CKWS/lstm_ref.c"
};
static const uint8_t lstm_units_c[] = {
#embed "../../Sources/CKWS/lstm_units.c"
};
static const uint8_t matrix2_dsp_c[] = {
#embed "../../Sources/CKWS/matrix2_dsp.c"
};
static const uint8_t matrix2_v6m_c[] = {
#embed "../../Sources/CKWS/matrix2_v6m.c"
};
static const uint8_t matrix3_dsp_c[] = {
#embed "../../Sources/CKWS/matrix3_dsp.c"
};
static const uint8_t matrix3_v6m_c[] = {
#embed "../../Sources/CKWS/matrix3_v6m.c"
};
static const uint8_t matrix4_dsp_c[] = {
#embed "../../Sources/CKWS/matrix4_dsp.c"
};
static const uint8_t matrix4_v6m_c[] = {
#embed "../../Sources/CKWS/matrix4_v6m.c"
};
static const uint8_t matrix8_dsp_c[] = {
#embed "../../Sources/CKWS/matrix8_dsp.c"
};
static const uint8_t matrix8_v6m_c[] = {
#embed "../../Sources/CKWS/matrix8_v6m.c"
};
static const uint8_t matrix_asm_dsp_h[] = {
#embed "../../Sources/CKWS/matrix_asm_dsp.h"
};
static const uint8_t matrix_code_mve_h[] = {
#embed "../../Sources/CKWS/matrix_code_mve.h"
};
static const uint8_t matrix_dsp_h[] = {
#embed "../../Sources/CKWS/matrix_dsp.h"
};
static const uint8_t matrix_mve_h[] = {
#embed "../../Sources/CKWS/matrix_mve.h"
};
static const uint8_t matrix_v6m_c[] = {
#embed "../../Sources/CKWS/matrix_v6m.c"
};
static const uint8_t matrix_v6m_h[] = {
#embed "../../Sources/CKWS/matrix_v6m.h"
};
static const uint8_t matrix_v7m_h[] = {
#embed "../../Sources/CKWS/matrix_v7m.h"
};
static const uint8_t matrix_w2_mve_c[] = {
#embed "../../Sources/CKWS/matrix_w2_mve.c"
};
static const uint8_t matrix_w2_v7m_c[] = {
#embed "../../Sources/CKWS/matrix_w2_v7m.c"
};
static const uint8_t matrix_w3_mve_c[] = {
#embed "../../Sources/CKWS/matrix_w3_mve.c"
};
static const uint8_t matrix_w3_v7m_c[] = {
#embed "../../Sources/CKWS/matrix_w3_v7m.c"
};
static const uint8_t matrix_w4_mve_c[] = {
#embed "../../Sources/CKWS/matrix_w4_mve.c"
};
static const uint8_t matrix_w4_v7m_c[] = {
#embed "../../Sources/CKWS/matrix_w4_v7m.c"
};
static const uint8_t matrix_w8_mve_c[] = {
#embed "../../Sources/CKWS/matrix_w8_mve.c"
};
static const uint8_t matrix_w8_v7m_c[] = {
#embed "../../Sources/CKWS/matrix_w8_v7m.c"
};
static const uint8_t maxpool_dsp_c[] = {
#embed "../../Sources/CKWS/maxpool_dsp.c"
};
static const uint8_t maxpool_fours_c[] = {
#embed "../../Sources/CKWS/maxpool_fours.c"
};
static const uint8_t maxpool_mve_c[] = {
#embed "../../Sources/CKWS/maxpool_mve.c"
};
static const uint8_t maxpool_ref_c[] = {
#embed "../../Sources/CKWS/maxpool_ref.c"
};
static const uint8_t mean_h[] = {
#embed "../../Sources/CKWS/mean.h"
};
static const uint8_t mean_dsp_c[] = {
#embed "../../Sources/CKWS/mean_dsp.c"
};
static const uint8_t mean_mve_c[] = {
#embed "../../Sources/CKWS/mean_mve.c"
};
static const uint8_t mean_ref_c[] = {
#embed "../../Sources/CKWS/mean_ref.c"
};
static const uint8_t mean_words_c[] = {
#embed "../../Sources/CKWS/mean_words.c"
};
static const uint8_t mel_band_h[] = {
#embed "../../Sources/CKWS/mel_band.h"
};
static const uint8_t model_check_c[] = {
#embed "../../Sources/CKWS/model_check.c"
};
static const uint8_t model_load_c[] = {
#embed "../../Sources/CKWS/model_load.c"
};
static const uint8_t narrow_asm_dsp_h[] = {
#embed "../../Sources/CKWS/narrow_asm_dsp.h"
};
static const uint8_t narrow_v7m_h[] = {
#embed "../../Sources/CKWS/narrow_v7m.h"
};
static const uint8_t nested2_dsp_c[] = {
#embed "../../Sources/CKWS/nested2_dsp.c"
};
static const uint8_t nested3_dsp_c[] = {
#embed "../../Sources/CKWS/nested3_dsp.c"
};
static const uint8_t nested4_dsp_c[] = {
#embed "../../Sources/CKWS/nested4_dsp.c"
};
static const uint8_t nested_asm_dsp_h[] = {
#embed "../../Sources/CKWS/nested_asm_dsp.h"
};
static const uint8_t packed_h[] = {
#embed "../../Sources/CKWS/packed.h"
};
static const uint8_t packed_complex_h[] = {
#embed "../../Sources/CKWS/packed_complex.h"
};
static const uint8_t patch_mve_h[] = {
#embed "../../Sources/CKWS/patch_mve.h"
};
static const uint8_t patch_sizes_dsp_h[] = {
#embed "../../Sources/CKWS/patch_sizes_dsp.h"
};
static const uint8_t patch_v6m_h[] = {
#embed "../../Sources/CKWS/patch_v6m.h"
};
static const uint8_t patch_v7m_c[] = {
#embed "../../Sources/CKWS/patch_v7m.c"
};
static const uint8_t patch_v7m_h[] = {
#embed "../../Sources/CKWS/patch_v7m.h"
};
static const uint8_t patches_dsp_c[] = {
#embed "../../Sources/CKWS/patches_dsp.c"
};
static const uint8_t patches_dsp_h[] = {
#embed "../../Sources/CKWS/patches_dsp.h"
};
static const uint8_t patches_mve_c[] = {
#embed "../../Sources/CKWS/patches_mve.c"
};
static const uint8_t place_ref_c[] = {
#embed "../../Sources/CKWS/place_ref.c"
};
static const uint8_t plain_h[] = {
#embed "../../Sources/CKWS/plain.h"
};
static const uint8_t pointwise_blocks_c[] = {
#embed "../../Sources/CKWS/pointwise_blocks.c"
};
static const uint8_t pointwise_dsp_c[] = {
#embed "../../Sources/CKWS/pointwise_dsp.c"
};
static const uint8_t pointwise_gaps_c[] = {
#embed "../../Sources/CKWS/pointwise_gaps.c"
};
static const uint8_t pointwise_mve_c[] = {
#embed "../../Sources/CKWS/pointwise_mve.c"
};
static const uint8_t pointwise_ref_c[] = {
#embed "../../Sources/CKWS/pointwise_ref.c"
};
static const uint8_t pointwise_v6m_c[] = {
#embed "../../Sources/CKWS/pointwise_v6m.c"
};
static const uint8_t pointwise_v7m_c[] = {
#embed "../../Sources/CKWS/pointwise_v7m.c"
};
static const uint8_t pool_c[] = {
#embed "../../Sources/CKWS/pool.c"
};
static const uint8_t pool_h[] = {
#embed "../../Sources/CKWS/pool.h"
};
static const uint8_t product_mve_c[] = {
#embed "../../Sources/CKWS/product_mve.c"
};
static const uint8_t product_mve_h[] = {
#embed "../../Sources/CKWS/product_mve.h"
};
static const uint8_t products_h[] = {
#embed "../../Sources/CKWS/products.h"
};
static const uint8_t recurrent_c[] = {
#embed "../../Sources/CKWS/recurrent.c"
};
static const uint8_t recurrent_h[] = {
#embed "../../Sources/CKWS/recurrent.h"
};
static const uint8_t requant_byte_h[] = {
#embed "../../Sources/CKWS/requant_byte.h"
};
static const uint8_t root_table_c[] = {
#embed "../../Sources/CKWS/root_table.c"
};
static const uint8_t row_by_row_c[] = {
#embed "../../Sources/CKWS/row_by_row.c"
};
static const uint8_t row_by_row_h[] = {
#embed "../../Sources/CKWS/row_by_row.h"
};
static const uint8_t rows_v7m_c[] = {
#embed "../../Sources/CKWS/rows_v7m.c"
};
static const uint8_t rows_v7m_h[] = {
#embed "../../Sources/CKWS/rows_v7m.h"
};
static const uint8_t sigmoid_table_c[] = {
#embed "../../Sources/CKWS/sigmoid_table.c"
};
static const uint8_t slide_dsp_c[] = {
#embed "../../Sources/CKWS/slide_dsp.c"
};
static const uint8_t slide_dsp_h[] = {
#embed "../../Sources/CKWS/slide_dsp.h"
};
static const uint8_t slide_t32_c[] = {
#embed "../../Sources/CKWS/slide_t32.c"
};
static const uint8_t slide_t32_h[] = {
#embed "../../Sources/CKWS/slide_t32.h"
};
static const uint8_t softmax_ref_c[] = {
#embed "../../Sources/CKWS/softmax_ref.c"
};
static const uint8_t sparse_c[] = {
#embed "../../Sources/CKWS/sparse.c"
};
static const uint8_t sparse_h[] = {
#embed "../../Sources/CKWS/sparse.h"
};
static const uint8_t sparse_check_c[] = {
#embed "../../Sources/CKWS/sparse_check.c"
};
static const uint8_t status_c[] = {
#embed "../../Sources/CKWS/status.c"
};
static const uint8_t steps_t32_c[] = {
#embed "../../Sources/CKWS/steps_t32.c"
};
static const uint8_t steps_t32_h[] = {
#embed "../../Sources/CKWS/steps_t32.h"
};
static const uint8_t stream_c[] = {
#embed "../../Sources/CKWS/stream.c"
};
static const uint8_t tall_dsp_c[] = {
#embed "../../Sources/CKWS/tall_dsp.c"
};
static const uint8_t tall_dsp_h[] = {
#embed "../../Sources/CKWS/tall_dsp.h"
};
static const uint8_t transpose_ref_c[] = {
#embed "../../Sources/CKWS/transpose_ref.c"
};
static const uint8_t variant_h[] = {
#embed "../../Sources/CKWS/variant.h"
};
static const uint8_t version_c[] = {
#embed "../../Sources/CKWS/version.c"
};
static const uint8_t view_ref_c[] = {
#embed "../../Sources/CKWS/view_ref.c"
};
static const uint8_t widen_dsp_c[] = {
#embed "../../Sources/CKWS/widen_dsp.c"
};
static const uint8_t widen_v7m_c[] = {
#embed "../../Sources/CKWS/widen_v7m.c"
};
static const uint8_t widen_v7m_h[] = {
#embed "../../Sources/CKWS/widen_v7m.h"
};
static const uint8_t widths_v6m_h[] = {
#embed "../../Sources/CKWS/widths_v6m.h"
};
static const uint8_t window_c[] = {
#embed "../../Sources/CKWS/window.c"
};
static const uint8_t window_h[] = {
#embed "../../Sources/CKWS/window.h"
};
static const uint8_t window_runs_c[] = {
#embed "../../Sources/CKWS/window_runs.c"
};
static const uint8_t window_runs_mve_c[] = {
#embed "../../Sources/CKWS/window_runs_mve.c"
};
static const uint8_t words_code_mve_h[] = {
#embed "../../Sources/CKWS/words_code_mve.h"
};
static const uint8_t words_dsp_h[] = {
#embed "../../Sources/CKWS/words_dsp.h"
};
static const uint8_t words_mve_c[] = {
#embed "../../Sources/CKWS/words_mve.c"
};

static const kernel_source sources[] = {
    {"add.h", add_h, sizeof add_h},
    {"add_bytes.c", add_bytes_c, sizeof add_bytes_c},
    {"add_dsp.c", add_dsp_c, sizeof add_dsp_c},
    {"add_mve.c", add_mve_c, sizeof add_mve_c},
    {"add_ref.c", add_ref_c, sizeof add_ref_c},
    {"avgpool_dsp.c", avgpool_dsp_c, sizeof avgpool_dsp_c},
    {"avgpool_fours.c", avgpool_fours_c, sizeof avgpool_fours_c},
    {"avgpool_mve.c", avgpool_mve_c, sizeof avgpool_mve_c},
    {"avgpool_ref.c", avgpool_ref_c, sizeof avgpool_ref_c},
    {"bands.c", bands_c, sizeof bands_c},
    {"bands_mve.c", bands_mve_c, sizeof bands_mve_c},
    {"bins.c", bins_c, sizeof bins_c},
    {"bins_dsp.c", bins_dsp_c, sizeof bins_dsp_c},
    {"bins_mve.c", bins_mve_c, sizeof bins_mve_c},
    {"bit_reversed.h", bit_reversed_h, sizeof bit_reversed_h},
    {"blocks.h", blocks_h, sizeof blocks_h},
    {"blocks_chains.h", blocks_chains_h, sizeof blocks_chains_h},
    {"blocks_code_dsp.h", blocks_code_dsp_h, sizeof blocks_code_dsp_h},
    {"blocks_dsp.c", blocks_dsp_c, sizeof blocks_dsp_c},
    {"blocks_mve.c", blocks_mve_c, sizeof blocks_mve_c},
    {"blocks_ref.c", blocks_ref_c, sizeof blocks_ref_c},
    {"blocks_scalar.h", blocks_scalar_h, sizeof blocks_scalar_h},
    {"blocks_v6m.c", blocks_v6m_c, sizeof blocks_v6m_c},
    {"blocks_v7m.c", blocks_v7m_c, sizeof blocks_v7m_c},
    {"blocks_w2_dsp.c", blocks_w2_dsp_c, sizeof blocks_w2_dsp_c},
    {"blocks_w3_dsp.c", blocks_w3_dsp_c, sizeof blocks_w3_dsp_c},
    {"blocks_w4_dsp.c", blocks_w4_dsp_c, sizeof blocks_w4_dsp_c},
    {"blocks_w8_dsp.c", blocks_w8_dsp_c, sizeof blocks_w8_dsp_c},
    {"bounds.h", bounds_h, sizeof bounds_h},
    {"check.h", check_h, sizeof check_h},
    {"code_mve.h", code_mve_h, sizeof code_mve_h},
    {"column_t32.c", column_t32_c, sizeof column_t32_c},
    {"column_t32.h", column_t32_h, sizeof column_t32_h},
    {"columns3_dsp.c", columns3_dsp_c, sizeof columns3_dsp_c},
    {"columns4_dsp.c", columns4_dsp_c, sizeof columns4_dsp_c},
    {"columns8_dsp.c", columns8_dsp_c, sizeof columns8_dsp_c},
    {"columns_asm_dsp.h", columns_asm_dsp_h, sizeof columns_asm_dsp_h},
    {"columns_dsp.h", columns_dsp_h, sizeof columns_dsp_h},
    {"conv_dsp.c", conv_dsp_c, sizeof conv_dsp_c},
    {"conv_mve.c", conv_mve_c, sizeof conv_mve_c},
    {"conv_ref.c", conv_ref_c, sizeof conv_ref_c},
    {"conv_v6m.c", conv_v6m_c, sizeof conv_v6m_c},
    {"conv_v7m.c", conv_v7m_c, sizeof conv_v7m_c},
    {"cores_v7m.h", cores_v7m_h, sizeof cores_v7m_h},
    {"crc32.c", crc32_c, sizeof crc32_c},
    {"crc32.h", crc32_h, sizeof crc32_h},
    {"dct.c", dct_c, sizeof dct_c},
    {"dense_blocks.c", dense_blocks_c, sizeof dense_blocks_c},
    {"dense_dsp.c", dense_dsp_c, sizeof dense_dsp_c},
    {"dense_gaps.c", dense_gaps_c, sizeof dense_gaps_c},
    {"dense_mve.c", dense_mve_c, sizeof dense_mve_c},
    {"dense_ref.c", dense_ref_c, sizeof dense_ref_c},
    {"dense_v6m.c", dense_v6m_c, sizeof dense_v6m_c},
    {"dense_v7m.c", dense_v7m_c, sizeof dense_v7m_c},
    {"depthwise.h", depthwise_h, sizeof depthwise_h},
    {"depthwise_any.c", depthwise_any_c, sizeof depthwise_any_c},
    {"depthwise_any.h", depthwise_any_h, sizeof depthwise_any_h},
    {"depthwise_column_t32.c", depthwise_column_t32_c, sizeof depthwise_column_t32_c},
    {"depthwise_mve.c", depthwise_mve_c, sizeof depthwise_mve_c},
    {"depthwise_mve.h", depthwise_mve_h, sizeof depthwise_mve_h},
    {"depthwise_slide_t32.c", depthwise_slide_t32_c, sizeof depthwise_slide_t32_c},
    {"depthwise_steps_t32.c", depthwise_steps_t32_c, sizeof depthwise_steps_t32_c},
    {"depthwise_steps_t32.h", depthwise_steps_t32_h, sizeof depthwise_steps_t32_h},
    {"depthwise_tall_dsp.c", depthwise_tall_dsp_c, sizeof depthwise_tall_dsp_c},
    {"depthwise_v7m.h", depthwise_v7m_h, sizeof depthwise_v7m_h},
    {"detection_energy.c", detection_energy_c, sizeof detection_energy_c},
    {"detection_phrases.c", detection_phrases_c, sizeof detection_phrases_c},
    {"detector.c", detector_c, sizeof detector_c},
    {"detector.h", detector_h, sizeof detector_h},
    {"detector_check.c", detector_check_c, sizeof detector_check_c},
    {"divide.c", divide_c, sizeof divide_c},
    {"divide_mve.c", divide_mve_c, sizeof divide_mve_c},
    {"dw3_narrow_v7m.c", dw3_narrow_v7m_c, sizeof dw3_narrow_v7m_c},
    {"dw3_rows_v7m.c", dw3_rows_v7m_c, sizeof dw3_rows_v7m_c},
    {"dw3_v7m.h", dw3_v7m_h, sizeof dw3_v7m_h},
    {"dw3_w8_v7m.c", dw3_w8_v7m_c, sizeof dw3_w8_v7m_c},
    {"dwconv3_v6m.c", dwconv3_v6m_c, sizeof dwconv3_v6m_c},
    {"dwconv_column_v6m.c", dwconv_column_v6m_c, sizeof dwconv_column_v6m_c},
    {"dwconv_dsp.c", dwconv_dsp_c, sizeof dwconv_dsp_c},
    {"dwconv_groups_mve.c", dwconv_groups_mve_c, sizeof dwconv_groups_mve_c},
    {"dwconv_large_mve.c", dwconv_large_mve_c, sizeof dwconv_large_mve_c},
    {"dwconv_line_mve.c", dwconv_line_mve_c, sizeof dwconv_line_mve_c},
    {"dwconv_lists_v6m.c", dwconv_lists_v6m_c, sizeof dwconv_lists_v6m_c},
    {"dwconv_mve.c", dwconv_mve_c, sizeof dwconv_mve_c},
    {"dwconv_mve.h", dwconv_mve_h, sizeof dwconv_mve_h},
    {"dwconv_plain_mve.c", dwconv_plain_mve_c, sizeof dwconv_plain_mve_c},
    {"dwconv_ref.c", dwconv_ref_c, sizeof dwconv_ref_c},
    {"dwconv_runs_mve.c", dwconv_runs_mve_c, sizeof dwconv_runs_mve_c},
    {"dwconv_taps_v6m.c", dwconv_taps_v6m_c, sizeof dwconv_taps_v6m_c},
    {"dwconv_three_mve.c", dwconv_three_mve_c, sizeof dwconv_three_mve_c},
    {"dwconv_v6m.c", dwconv_v6m_c, sizeof dwconv_v6m_c},
    {"dwconv_v6m.h", dwconv_v6m_h, sizeof dwconv_v6m_h},
    {"dwconv_v7m.c", dwconv_v7m_c, sizeof dwconv_v7m_c},
    {"dwconv_words_mve.c", dwconv_words_mve_c, sizeof dwconv_words_mve_c},
    {"exp2_table.c", exp2_table_c, sizeof exp2_table_c},
    {"feature.c", feature_c, sizeof feature_c},
    {"features_logmel.c", features_logmel_c, sizeof features_logmel_c},
    {"features_logsum.c", features_logsum_c, sizeof features_logsum_c},
    {"features_mfcc.c", features_mfcc_c, sizeof features_mfcc_c},
    {"features_mfcc_peak.c", features_mfcc_peak_c, sizeof features_mfcc_peak_c},
    {"features_pcen.c", features_pcen_c, sizeof features_pcen_c},
    {"features_waveform.c", features_waveform_c, sizeof features_waveform_c},
    {"fft.c", fft_c, sizeof fft_c},
    {"fft_dsp.c", fft_dsp_c, sizeof fft_dsp_c},
    {"fft_levels.h", fft_levels_h, sizeof fft_levels_h},
    {"fft_mve.c", fft_mve_c, sizeof fft_mve_c},
    {"front_end.h", front_end_h, sizeof front_end_h},
    {"front_end_check.c", front_end_check_c, sizeof front_end_check_c},
    {"gaps.h", gaps_h, sizeof gaps_h},
    {"gaps_ref.c", gaps_ref_c, sizeof gaps_ref_c},
    {"gaps_t32.c", gaps_t32_c, sizeof gaps_t32_c},
    {"gaps_v6m.c", gaps_v6m_c, sizeof gaps_v6m_c},
    {"gate_rows.h", gate_rows_h, sizeof gate_rows_h},
    {"gate_rows_dsp.c", gate_rows_dsp_c, sizeof gate_rows_dsp_c},
    {"gate_rows_mve.c", gate_rows_mve_c, sizeof gate_rows_mve_c},
    {"gate_rows_mve.h", gate_rows_mve_h, sizeof gate_rows_mve_h},
    {"gate_rows_ref.c", gate_rows_ref_c, sizeof gate_rows_ref_c},
    {"gate_rows_v6m.c", gate_rows_v6m_c, sizeof gate_rows_v6m_c},
    {"gate_rows_v7m.c", gate_rows_v7m_c, sizeof gate_rows_v7m_c},
    {"gates.h", gates_h, sizeof gates_h},
    {"gates_mve.h", gates_mve_h, sizeof gates_mve_h},
    {"gather_dsp.c", gather_dsp_c, sizeof gather_dsp_c},
    {"gather_dsp.h", gather_dsp_h, sizeof gather_dsp_h},
    {"geometry.h", geometry_h, sizeof geometry_h},
    {"getters.c", getters_c, sizeof getters_c},
    {"gru.h", gru_h, sizeof gru_h},
    {"gru_dense.c", gru_dense_c, sizeof gru_dense_c},
    {"gru_gaps.c", gru_gaps_c, sizeof gru_gaps_c},
    {"gru_ref.c", gru_ref_c, sizeof gru_ref_c},
    {"infer.c", infer_c, sizeof infer_c},
    {"inner.h", inner_h, sizeof inner_h},
    {"instance.h", instance_h, sizeof instance_h},
    {"kept_check.c", kept_check_c, sizeof kept_check_c},
    {"kws.c", kws_c, sizeof kws_c},
    {"kws.h", kws_h, sizeof kws_h},
    {"kws_fixed.h", kws_fixed_h, sizeof kws_fixed_h},
    {"kws_model.h", kws_model_h, sizeof kws_model_h},
    {"layer_check.c", layer_check_c, sizeof layer_check_c},
    {"log2_table.c", log2_table_c, sizeof log2_table_c},
    {"log_sums.h", log_sums_h, sizeof log_sums_h},
    {"logmel.c", logmel_c, sizeof logmel_c},
    {"lstm.h", lstm_h, sizeof lstm_h},
    {"lstm_dense.c", lstm_dense_c, sizeof lstm_dense_c},
    {"lstm_gaps.c", lstm_gaps_c, sizeof lstm_gaps_c},
    {"lstm_mve.c", lstm_mve_c, sizeof lstm_mve_c},
    {"lstm_ref.c", lstm_ref_c, sizeof lstm_ref_c},
    {"lstm_units.c", lstm_units_c, sizeof lstm_units_c},
    {"matrix2_dsp.c", matrix2_dsp_c, sizeof matrix2_dsp_c},
    {"matrix2_v6m.c", matrix2_v6m_c, sizeof matrix2_v6m_c},
    {"matrix3_dsp.c", matrix3_dsp_c, sizeof matrix3_dsp_c},
    {"matrix3_v6m.c", matrix3_v6m_c, sizeof matrix3_v6m_c},
    {"matrix4_dsp.c", matrix4_dsp_c, sizeof matrix4_dsp_c},
    {"matrix4_v6m.c", matrix4_v6m_c, sizeof matrix4_v6m_c},
    {"matrix8_dsp.c", matrix8_dsp_c, sizeof matrix8_dsp_c},
    {"matrix8_v6m.c", matrix8_v6m_c, sizeof matrix8_v6m_c},
    {"matrix_asm_dsp.h", matrix_asm_dsp_h, sizeof matrix_asm_dsp_h},
    {"matrix_code_mve.h", matrix_code_mve_h, sizeof matrix_code_mve_h},
    {"matrix_dsp.h", matrix_dsp_h, sizeof matrix_dsp_h},
    {"matrix_mve.h", matrix_mve_h, sizeof matrix_mve_h},
    {"matrix_v6m.c", matrix_v6m_c, sizeof matrix_v6m_c},
    {"matrix_v6m.h", matrix_v6m_h, sizeof matrix_v6m_h},
    {"matrix_v7m.h", matrix_v7m_h, sizeof matrix_v7m_h},
    {"matrix_w2_mve.c", matrix_w2_mve_c, sizeof matrix_w2_mve_c},
    {"matrix_w2_v7m.c", matrix_w2_v7m_c, sizeof matrix_w2_v7m_c},
    {"matrix_w3_mve.c", matrix_w3_mve_c, sizeof matrix_w3_mve_c},
    {"matrix_w3_v7m.c", matrix_w3_v7m_c, sizeof matrix_w3_v7m_c},
    {"matrix_w4_mve.c", matrix_w4_mve_c, sizeof matrix_w4_mve_c},
    {"matrix_w4_v7m.c", matrix_w4_v7m_c, sizeof matrix_w4_v7m_c},
    {"matrix_w8_mve.c", matrix_w8_mve_c, sizeof matrix_w8_mve_c},
    {"matrix_w8_v7m.c", matrix_w8_v7m_c, sizeof matrix_w8_v7m_c},
    {"maxpool_dsp.c", maxpool_dsp_c, sizeof maxpool_dsp_c},
    {"maxpool_fours.c", maxpool_fours_c, sizeof maxpool_fours_c},
    {"maxpool_mve.c", maxpool_mve_c, sizeof maxpool_mve_c},
    {"maxpool_ref.c", maxpool_ref_c, sizeof maxpool_ref_c},
    {"mean.h", mean_h, sizeof mean_h},
    {"mean_dsp.c", mean_dsp_c, sizeof mean_dsp_c},
    {"mean_mve.c", mean_mve_c, sizeof mean_mve_c},
    {"mean_ref.c", mean_ref_c, sizeof mean_ref_c},
    {"mean_words.c", mean_words_c, sizeof mean_words_c},
    {"mel_band.h", mel_band_h, sizeof mel_band_h},
    {"model_check.c", model_check_c, sizeof model_check_c},
    {"model_load.c", model_load_c, sizeof model_load_c},
    {"narrow_asm_dsp.h", narrow_asm_dsp_h, sizeof narrow_asm_dsp_h},
    {"narrow_v7m.h", narrow_v7m_h, sizeof narrow_v7m_h},
    {"nested2_dsp.c", nested2_dsp_c, sizeof nested2_dsp_c},
    {"nested3_dsp.c", nested3_dsp_c, sizeof nested3_dsp_c},
    {"nested4_dsp.c", nested4_dsp_c, sizeof nested4_dsp_c},
    {"nested_asm_dsp.h", nested_asm_dsp_h, sizeof nested_asm_dsp_h},
    {"packed.h", packed_h, sizeof packed_h},
    {"packed_complex.h", packed_complex_h, sizeof packed_complex_h},
    {"patch_mve.h", patch_mve_h, sizeof patch_mve_h},
    {"patch_sizes_dsp.h", patch_sizes_dsp_h, sizeof patch_sizes_dsp_h},
    {"patch_v6m.h", patch_v6m_h, sizeof patch_v6m_h},
    {"patch_v7m.c", patch_v7m_c, sizeof patch_v7m_c},
    {"patch_v7m.h", patch_v7m_h, sizeof patch_v7m_h},
    {"patches_dsp.c", patches_dsp_c, sizeof patches_dsp_c},
    {"patches_dsp.h", patches_dsp_h, sizeof patches_dsp_h},
    {"patches_mve.c", patches_mve_c, sizeof patches_mve_c},
    {"place_ref.c", place_ref_c, sizeof place_ref_c},
    {"plain.h", plain_h, sizeof plain_h},
    {"pointwise_blocks.c", pointwise_blocks_c, sizeof pointwise_blocks_c},
    {"pointwise_dsp.c", pointwise_dsp_c, sizeof pointwise_dsp_c},
    {"pointwise_gaps.c", pointwise_gaps_c, sizeof pointwise_gaps_c},
    {"pointwise_mve.c", pointwise_mve_c, sizeof pointwise_mve_c},
    {"pointwise_ref.c", pointwise_ref_c, sizeof pointwise_ref_c},
    {"pointwise_v6m.c", pointwise_v6m_c, sizeof pointwise_v6m_c},
    {"pointwise_v7m.c", pointwise_v7m_c, sizeof pointwise_v7m_c},
    {"pool.c", pool_c, sizeof pool_c},
    {"pool.h", pool_h, sizeof pool_h},
    {"product_mve.c", product_mve_c, sizeof product_mve_c},
    {"product_mve.h", product_mve_h, sizeof product_mve_h},
    {"products.h", products_h, sizeof products_h},
    {"recurrent.c", recurrent_c, sizeof recurrent_c},
    {"recurrent.h", recurrent_h, sizeof recurrent_h},
    {"requant_byte.h", requant_byte_h, sizeof requant_byte_h},
    {"root_table.c", root_table_c, sizeof root_table_c},
    {"row_by_row.c", row_by_row_c, sizeof row_by_row_c},
    {"row_by_row.h", row_by_row_h, sizeof row_by_row_h},
    {"rows_v7m.c", rows_v7m_c, sizeof rows_v7m_c},
    {"rows_v7m.h", rows_v7m_h, sizeof rows_v7m_h},
    {"sigmoid_table.c", sigmoid_table_c, sizeof sigmoid_table_c},
    {"slide_dsp.c", slide_dsp_c, sizeof slide_dsp_c},
    {"slide_dsp.h", slide_dsp_h, sizeof slide_dsp_h},
    {"slide_t32.c", slide_t32_c, sizeof slide_t32_c},
    {"slide_t32.h", slide_t32_h, sizeof slide_t32_h},
    {"softmax_ref.c", softmax_ref_c, sizeof softmax_ref_c},
    {"sparse.c", sparse_c, sizeof sparse_c},
    {"sparse.h", sparse_h, sizeof sparse_h},
    {"sparse_check.c", sparse_check_c, sizeof sparse_check_c},
    {"status.c", status_c, sizeof status_c},
    {"steps_t32.c", steps_t32_c, sizeof steps_t32_c},
    {"steps_t32.h", steps_t32_h, sizeof steps_t32_h},
    {"stream.c", stream_c, sizeof stream_c},
    {"tall_dsp.c", tall_dsp_c, sizeof tall_dsp_c},
    {"tall_dsp.h", tall_dsp_h, sizeof tall_dsp_h},
    {"transpose_ref.c", transpose_ref_c, sizeof transpose_ref_c},
    {"variant.h", variant_h, sizeof variant_h},
    {"version.c", version_c, sizeof version_c},
    {"view_ref.c", view_ref_c, sizeof view_ref_c},
    {"widen_dsp.c", widen_dsp_c, sizeof widen_dsp_c},
    {"widen_v7m.c", widen_v7m_c, sizeof widen_v7m_c},
    {"widen_v7m.h", widen_v7m_h, sizeof widen_v7m_h},
    {"widths_v6m.h", widths_v6m_h, sizeof widths_v6m_h},
    {"window.c", window_c, sizeof window_c},
    {"window.h", window_h, sizeof window_h},
    {"window_runs.c", window_runs_c, sizeof window_runs_c},
    {"window_runs_mve.c", window_runs_mve_c, sizeof window_runs_mve_c},
    {"words_code_mve.h", words_code_mve_h, sizeof words_code_mve_h},
    {"words_dsp.h", words_dsp_h, sizeof words_dsp_h},
    {"words_mve.c", words_mve_c, sizeof words_mve_c},
};

const kernel_source *kernel_sources(uint32_t *count)
{
    *count = sizeof sources / sizeof sources[0];
    return sources;
}
