"""What a file is by its first bytes; the name and type a browser sends are never believed."""

SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"\x00\x00\x00\x0cjP  ", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/jp2"),
    *((0, b"P%d%c" % (number, end), "image/x-portable-anymap") for number in range(1, 7) for end in b"\n "),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    *(
        (4, b"ftyp" + brand, "image/heic")
        for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
    ),
    *((4, b"ftyp" + brand, "image/heic") for brand in (b"mif1", b"mif2", b"msf1", b"miaf", b"MiHB", b"MiHE", b"MiPr")),
    *((4, b"ftyp" + brand, "image/avif") for brand in (b"avif", b"avis", b"MA1A", b"MA1B")),
    (0, b"\x00\x00\x00\x0cJXL ", "image/jxl"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\x00\x00\x01\x00", "image/x-icon"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
)

PICTURES, RECORDINGS = {"photo", "still"}, {"clip", "audio"}


def disagreement(kind: str, media_type: str) -> str:
    """What to do when an exhibit is said to be something else than its file is, or "" (FR-03; the database asks it too)."""
    found = media_type.partition("/")[0]
    words = {"image": "a picture", "video": "a video", "audio": "sound"}.get(found, "no picture")
    if kind in PICTURES and found != "image":
        return f"This file is {words}. Add a picture, or choose what the file is."
    if (kind in RECORDINGS and found == "image") or (kind == "clip" and found == "audio"):
        return f"This file is {words}. Choose what it is, or add the recording."
    return ""


def media_type_of(head: bytes) -> str:
    """The media type of a file that begins with these bytes; text/plain or application/octet-stream otherwise."""
    for offset, signature, media_type in SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return media_type
    try:
        head[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain" if b"\x00" not in head else "application/octet-stream"
