// A real MP4 (ISO/IEC 14496-12) of pictures that stand a second each: PNG as its codec, which players of files show.

const SCALE = 1_000

const u16 = (value: number) => [(value >> 8) & 0xff, value & 0xff]
const u32 = (value: number) => [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
const zeros = (count: number): number[] => Array(count).fill(0)
const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].flatMap(u32)

type Bytes = readonly number[] | Uint8Array
const box = (type: string, ...parts: Bytes[]): Buffer => {
  const inside = Buffer.concat(parts.map((part) => Buffer.from(part)))
  return Buffer.concat([Buffer.from(u32(inside.length + 8)), Buffer.from(type, "latin1"), inside])
}
/** With its version and flags. */
const full = (type: string, flags: number, ...parts: Bytes[]): Buffer => box(type, u32(flags), ...parts)

/** What decodes it: `mp4v` of object type 0x6d, PNG. */
function sampleEntry(width: number, height: number): Buffer {
  const config = [0x04, 13, 0x6d, 0x11, ...zeros(11)]
  const esds = full("esds", 0, [0x03, 3 + config.length + 3, ...u16(1), 0, ...config, 0x06, 1, 0x02])
  return box(
    "mp4v",
    [...zeros(6), ...u16(1), ...zeros(16), ...u16(width), ...u16(height)],
    [...u32(0x480000), ...u32(0x480000), ...u32(0), ...u16(1), ...zeros(32), ...u16(24), 0xff, 0xff],
    esds,
  )
}

/** @param frames PNGs of that size, a second each */
export function mp4(frames: readonly Uint8Array[], width: number, height: number): Buffer {
  const duration = frames.length * SCALE
  const ftyp = box("ftyp", Buffer.from("isom"), u32(512), Buffer.from("isommp41"))
  const moov = (first: number) =>
    box(
      "moov",
      full(
        "mvhd",
        0,
        [...zeros(8), ...u32(SCALE), ...u32(duration), ...u32(0x10000), ...u16(0x100), ...zeros(10)],
        [...MATRIX, ...zeros(24), ...u32(2)],
      ),
      box(
        "trak",
        full(
          "tkhd",
          3,
          [...zeros(8), ...u32(1), ...zeros(4), ...u32(duration), ...zeros(16), ...MATRIX],
          [...u32(width << 16), ...u32(height << 16)],
        ),
        box(
          "mdia",
          full("mdhd", 0, [...zeros(8), ...u32(SCALE), ...u32(duration), 0x55, 0xc4, 0, 0]),
          full("hdlr", 0, zeros(4), Buffer.from("vide"), zeros(12), Buffer.from("Sandbox\0")),
          box(
            "minf",
            full("vmhd", 1, zeros(8)),
            box("dinf", full("dref", 0, u32(1), full("url ", 1))),
            box(
              "stbl",
              full("stsd", 0, u32(1), sampleEntry(width, height)),
              full("stts", 0, u32(1), u32(frames.length), u32(SCALE)),
              full("stsc", 0, u32(1), u32(1), u32(frames.length), u32(1)),
              full(
                "stsz",
                0,
                u32(0),
                u32(frames.length),
                frames.flatMap(({ length }) => u32(length)),
              ),
              full("stco", 0, u32(1), u32(first)),
            ),
          ),
        ),
      ),
    )
  const head = ftyp.length + moov(0).length
  return Buffer.concat([ftyp, moov(head + 8), box("mdat", ...frames)])
}
