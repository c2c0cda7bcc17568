# SPDX-License-Identifier: Apache-2.0
"""The data sets of the measurements on *happy*, as views of the published ones, apart by people.

`write(data, folder)` makes `folder/words` (bed, cat, happy), `folder/others` (Arabic words) and
`folder/noise`, each an `index.csv` with the splits train, dev and test. The test people of the words are
the published set's validation people, those of the Arabic words its test people; an eighth of the other
people who say bed, cat and happy is for tuning. Of the noise the published validation part is cut in two
by original recordings. `played(folder, split)` are the options that play them.
"""

import csv
import hashlib
import os


def _draw(text, parts):
    return int(hashlib.sha1(text.encode()).hexdigest(), 16) % parts


def _word(row):
    if row["split"] == "val":
        return "test"
    return "train" if _draw(f"dev:{row['speaker']}", 8) else "dev"


def _noise(row):
    if row["split"] == "train":
        return "train"
    name = os.path.basename(row["path"])
    return ("test", "dev")[_draw(f"noise:{name.split('-')[1] if '-' in name else name}", 2)]


def write(data, folder, lead=0):
    """`lead`: samples of silence in front of words."""
    sets = {
        "words": ("speech/gsc_bed_cat_happy", _word),
        "others": ("speech/arabic_sc", lambda row: row["split"].replace("val", "dev")),
        "noise": ("noise", _noise),
    }
    for name, (source, split) in sets.items():
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        with open(f"{data}/{source}/index.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        with open(f"{folder}/{name}/index.csv", "w", newline="") as file:
            out = csv.writer(file)
            out.writerow(["path", "label", "speaker", "split", "begin", "end"])
            for row in rows:
                part = [-lead, row["samples"]] if lead and name != "noise" else ["", ""]
                out.writerow([f"{data}/{source}/{row['path']}", row["label"], row["speaker"],
                              split(row), *part])


def played(folder, split):
    """What of `kwsc evaluate --stream` plays *happy* among other words to the float network."""
    return [
        "--float-only", "--json", "--keyword", "happy", "--data", f"{folder}/words",
        "--split", split, "--others", f"{folder}/words:{split},{folder}/others:{split}",
        "--other-share", "0.7", "--noise", f"{folder}/noise:{split}"]
