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
    count, = struct.unpack_from("<I", data, 20)
    small = []
    for i in range(count):
        _, _, image, size, cold = struct.unpack_from("<5I", data, 64 + 64 * i)
        whole, = struct.unpack_from("<I", data, image + 8)
        if whole < 16000:
            small.append((data[image:image + size], data[cold:cold + whole - size]))
    for i, (hot, cold) in enumerate(small):
        with open(os.path.join(folder, f"image{i:03}"), "wb") as out:
            out.write(hot + cold)
    for i in range(0, len(small) - 1, 2):
        images = 64 + 2 * 64 + 64
        out = bytearray(images)
        colds = images + sum(len(hot) + -len(hot) % 64 for hot, _ in small[i:i + 2])
        at, cold_at = images, colds
        for k, (hot, cold) in enumerate(small[i:i + 2]):
            out[192 + k] = ord("ab"[k])
            struct.pack_into("<IHHIIIIq", out, 64 + 64 * k, 192 + k, 1, 0, at, len(hot), cold_at, 0, 0)
            out[64 + 64 * k + 32:64 + 64 * k + 64] = hot[32:64]
            out += hot + bytes(-len(hot) % 64)
            at = len(out)
            cold_at += len(cold)
        out += b"".join(cold for _, cold in small[i:i + 2])
        struct.pack_into("<8I", out, 0, *struct.unpack_from("<2I", data, 0), len(out), 1, colds, 2, images, 0)
        with open(os.path.join(folder, f"archive{i:03}"), "wb") as file:
            file.write(out)


if __name__ == "__main__":
    main()
