# SPDX-License-Identifier: Apache-2.0
"""Views of a data set, split by speaker into folds.

`write(source, folder, folds)` makes `folder/index.csv` and a link beside it: the clips of the data set
`source`, the column `split` naming the fold of each ("fold0", ...). All clips of a speaker share a fold.
A clip of silence has no speaker; its file stands for one.
"""

import csv
import hashlib
import os


def fold_of(row, folds):
    name = row.get("speaker") or os.path.basename(row["path"])
    return int(hashlib.sha1(f"folds:{name}".encode()).hexdigest(), 16) % folds


def write(source, folder, folds=5):
    """Returns how many clips each fold holds."""
    os.makedirs(folder, exist_ok=True)
    link = os.path.join(folder, "clips")
    if not os.path.lexists(link):
        os.symlink(os.path.abspath(source), link)
    counts = [0] * folds
    with open(os.path.join(source, "index.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    with open(os.path.join(folder, "index.csv"), "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["path", "label", "speaker", "split", "word"])
        for row in rows:
            fold = fold_of(row, folds)
            counts[fold] += 1
            out.writerow([f"clips/{row['path']}", row["label"], row.get("speaker", ""),
                          f"fold{fold}", row.get("word", "")])
    return counts
