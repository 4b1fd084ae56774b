// Tokens of sound and pictures that a provider made and did not report: the fair middle of what the large ones count.

/** One generated picture of a megapixel. */
export const IMAGE_TOKENS = 1_290

/** Sound is 20 tokens a second: PCM of 24 kHz and 16 bits is 48,000 bytes of it, compressed speech about 4,000. */
const PCM_BYTES_PER_TOKEN = 2_400
const COMPRESSED_BYTES_PER_TOKEN = 200
/** A RIFF (wav) head in base64. */
const WAV = "UklGR"

/** @param isPcm streams carry raw samples, whole answers a file */
export function audioTokens(base64: string, isPcm: boolean): number {
  const bytes = base64.length * 0.75
  const perToken = isPcm || base64.startsWith(WAV) ? PCM_BYTES_PER_TOKEN : COMPRESSED_BYTES_PER_TOKEN
  return bytes / perToken
}

/** Bytes of a token, by the format that was asked for: speech files of OpenAI's are MP3 of 128 kbit/s where nothing is said. */
const BYTES_PER_TOKEN: Readonly<Record<string, number>> = {
  mp3: 800,
  aac: 800,
  opus: 300,
  flac: 1_200,
  wav: PCM_BYTES_PER_TOKEN,
  pcm: PCM_BYTES_PER_TOKEN,
}
export const soundBytesPerToken = (format: unknown): number =>
  typeof format === "string" && Object.hasOwn(BYTES_PER_TOKEN, format) ? BYTES_PER_TOKEN[format]! : BYTES_PER_TOKEN.mp3!
