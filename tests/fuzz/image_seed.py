"""Writes the seed corpus of image_fuzz: small images of an archive, and small archives of them.

usage: image_seed.py ARCHIVE FOLDER
"""
import os
import struct
import sys


def main():
    archive, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    with open(archive, "rb") as file:
        data = file.read()
    index, count = struct.unpack_from("<2I", data, 16)
    small = []
    for i in range(count):
        _, _, image, size = struct.unpack_from("<4I", data, index + 64 * i)
        if size < 16000:
            small.append(data[image:image + size])
    for i, image in enumerate(small):
        with open(os.path.join(folder, f"image{i:03}"), "wb") as out:
            out.write(image)
    for i in range(0, len(small) - 1, 2):
        pair = [p for p in small[i:i + 2]]
        images = 64 + 2 * 64 + 64
        out = bytearray(images)
        at = images
        for k, image in enumerate(pair):
            out[192 + k] = ord("ab"[k])
            struct.pack_into("<6Iq", out, 64 + 64 * k, 192 + k, 1, at, len(image), 0, 0, 0)
            out[64 + 64 * k + 32:64 + 64 * k + 64] = image[32:64]
            out += image + bytes(-len(image) % 64)
            at = len(out)
        struct.pack_into("<8I", out, 0, *struct.unpack_from("<2I", data, 0), len(out), 1, 64, 2, images, 0)
        with open(os.path.join(folder, f"archive{i:03}"), "wb") as file:
            file.write(out)


if __name__ == "__main__":
    main()
