// How long a recording is, as far as its file says: for holds, and where nobody reports. A head may lie, so that reports outrank it. Pure
// but for the few bytes that it reads.
import type { SpooledFile } from "../../../http/index.ts"

/** Seconds: what it comes to, what is held, and what no recording of this size can exceed. */
export interface Duration {
  likely: number
  held: number
  most: number
}

const HEAD_BYTES = 64 * 1024
/** Where MP4 and Ogg say at their end how long they are. */
const TAIL_BYTES = 256 * 1024
/** Bytes a second: speech that somebody compressed as they usually do, as far as anybody does, and as nobody can. */
const USUAL = 8_000
const SMALL = 2_000
const LEAST = 500

export async function durationOf(file: Pick<SpooledFile, "size" | "read">): Promise<Duration> {
  const { size } = file
  const head = Buffer.from(await file.read(0, HEAD_BYTES))
  const said = wav(head, size) ?? flac(head) ?? mp3(head, size) ?? (await byTail(file, head))
  const most = Math.ceil(size / LEAST) + 1
  if (said === null || !(said > 0)) return { likely: Math.ceil(size / USUAL), held: Math.ceil(size / SMALL), most }
  const seconds = Math.min(Math.ceil(said), most)
  return { likely: seconds, held: seconds, most }
}

function wav(head: Buffer, size: number): number | null {
  if (head.toString("latin1", 0, 4) !== "RIFF" || head.toString("latin1", 8, 12) !== "WAVE") return null
  const at = head.indexOf("fmt ", 12, "latin1")
  if (at < 0 || at + 20 > head.length) return null
  const perSecond = head.readUInt32LE(at + 16)
  return perSecond === 0 ? null : size / perSecond
}

function flac(head: Buffer): number | null {
  if (head.toString("latin1", 0, 4) !== "fLaC" || head.length < 26) return null
  const rate = head.readUIntBE(18, 3) >> 4
  const samples = (head[21]! & 15) * 2 ** 32 + head.readUInt32BE(22)
  return rate === 0 ? null : samples / rate
}

const RATES = [44_100, 48_000, 32_000]
/** kbit/s of layer III, of MPEG 1 and of the later ones. */
const KBITS = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
]

function mp3(head: Buffer, size: number): number | null {
  const isTagged = head.toString("latin1", 0, 3) === "ID3" && head.length > 10
  const start = isTagged ? 10 + head.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 127), 0) : 0
  if (start + 4 > head.length) return null
  const [first, second, third] = [head[start]!, head[start + 1]!, head[start + 2]!]
  if (first !== 0xff || (second & 0xe6) !== 0xe2) return null
  const version = (second >> 3) & 3
  const rate = RATES[(third >> 2) & 3]
  const kbits = KBITS[version === 3 ? 0 : 1]![third >> 4]
  if (version === 1 || !rate || !kbits) return null
  const perFrame = version === 3 ? 1_152 : 576
  const hertz = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4
  for (const name of ["Xing", "Info"]) {
    const at = head.indexOf(name, start, "latin1")
    const hasCount = at >= 0 && at < start + 64 && at + 12 <= head.length && (head[at + 7]! & 1) === 1
    if (hasCount) return (head.readUInt32BE(at + 8) * perFrame) / hertz
  }
  return ((size - start) * 8) / (kbits * 1_000)
}

async function byTail({ size, read }: Pick<SpooledFile, "size" | "read">, head: Buffer): Promise<number | null> {
  const isOgg = head.toString("latin1", 0, 4) === "OggS"
  const isMp4 = head.toString("latin1", 4, 8) === "ftyp"
  if (!isOgg && !isMp4) return null
  const tail = Buffer.from(await read(Math.max(0, size - TAIL_BYTES), TAIL_BYTES))
  return isOgg ? ogg(head, tail) : (mp4(head) ?? mp4(tail))
}

/** Samples until the last page's end. */
function ogg(head: Buffer, tail: Buffer): number | null {
  const vorbis = head.indexOf("\x01vorbis", 0, "latin1")
  const isVorbis = vorbis >= 0 && vorbis + 16 <= head.length
  const rate = isVorbis ? head.readUInt32LE(vorbis + 12) : 48_000
  const at = tail.lastIndexOf("OggS", tail.length, "latin1")
  if (at < 0 || at + 14 > tail.length || rate === 0) return null
  return Number(tail.readBigUInt64LE(at + 6)) / rate
}

function mp4(bytes: Buffer): number | null {
  const at = bytes.indexOf("mvhd", 0, "latin1")
  if (at < 0 || at + 36 > bytes.length) return null
  const isLong = bytes[at + 4] === 1
  const scale = bytes.readUInt32BE(at + (isLong ? 24 : 16))
  const length = isLong ? Number(bytes.readBigUInt64BE(at + 28)) : bytes.readUInt32BE(at + 20)
  return scale === 0 ? null : length / scale
}
