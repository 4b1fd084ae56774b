// Finds the number for which SHA-256 of the salt and the number is the target: SHA-256 by hand (FIPS 180-4), for texts of one block, since
// the browser's own answers by promise, one at a time, and only on https. A worker of its own: the page goes on.
const K = new Int32Array(64)
const START = new Int32Array(8)

/** The first 32 bits of the fractional part of the roots of primes. */
function constants() {
  const bits = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0
  let found = 0
  for (let number = 2; found < 64; number++) {
    let prime = true
    for (let by = 2; by * by <= number; by++) if (number % by === 0) prime = false
    if (!prime) continue
    if (found < 8) START[found] = bits(Math.sqrt(number))
    K[found++] = bits(Math.cbrt(number))
  }
}

const W = new Int32Array(64)
const H = new Int32Array(8)

/** Of `length` bytes that stand in `block`, at most 55. */
function hash(block, length) {
  for (let at = 0; at < 16; at++) {
    const from = at * 4
    W[at] = (block[from] << 24) | (block[from + 1] << 16) | (block[from + 2] << 8) | block[from + 3]
  }
  W[15] = length * 8
  for (let at = 16; at < 64; at++) {
    const a = W[at - 15]
    const b = W[at - 2]
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3)
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10)
    W[at] = (W[at - 16] + s0 + W[at - 7] + s1) | 0
  }
  let [a, b, c, d, e, f, g, h] = START
  for (let at = 0; at < 64; at++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[at] + W[at]) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  H[0] = START[0] + a
  H[1] = START[1] + b
  H[2] = START[2] + c
  H[3] = START[3] + d
  H[4] = START[4] + e
  H[5] = START[5] + f
  H[6] = START[6] + g
  H[7] = START[7] + h
}

/** @returns the number as text; null when there is none */
function solve({ salt, target, most }) {
  constants()
  const wanted = Int32Array.from({ length: 8 }, (_, at) => Number.parseInt(target.slice(at * 8, at * 8 + 8), 16) | 0)
  const block = new Uint8Array(64)
  const bytes = new TextEncoder().encode(salt)
  if (bytes.length > 47) return null
  block.set(bytes)
  for (let number = 0; number < most; number++) {
    const text = String(number)
    for (let at = 0; at < text.length; at++) block[bytes.length + at] = text.charCodeAt(at)
    const length = bytes.length + text.length
    block[length] = 128
    hash(block, length)
    if (H[0] === wanted[0] && wanted.every((word, at) => word === H[at])) return text
  }
  return null
}

addEventListener("message", ({ data }) => postMessage(solve(data)))
