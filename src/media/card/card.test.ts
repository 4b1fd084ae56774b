// The picture of a link: a PNG of the right size, words where they fit, nothing that breaks it; in milliseconds.
import { expect, test } from "bun:test"
import { readPng } from "../raw.ts"
import { CARD, drawCard } from "./card.ts"
import { canvasOf, eachCovered, fillPath } from "./raster.ts"

const words = { house: "Acme", title: "Storyteller", text: "Tells stories.", accent: null }

test("shapes cover what is inside of them: a square, a hole in it, and what lies half outside", () => {
  const square = (x: number, y: number, side: number, isHole = false) => {
    const corners = [
      [x, y],
      [x + side, y],
      [x + side, y + side],
      [x, y + side],
    ]
    const all = isHole ? corners.toReversed() : corners
    return [
      ...all.map((args, index) => ({ command: index === 0 ? "moveTo" : "lineTo", args })),
      { command: "closePath", args: [] },
    ]
  }
  const sumOf = (commands: Parameters<typeof fillPath>[1]) => {
    const canvas = canvasOf(20, 20)
    fillPath(canvas, commands, { x: 0, baseline: 20, scale: 1 })
    let sum = 0
    eachCovered(canvas, (_, share) => {
      sum += share
    })
    return sum
  }
  expect(sumOf(square(2.5, 2.25, 10))).toBeCloseTo(100, 3)
  expect(sumOf([...square(2.5, 2.25, 10), ...square(4, 4, 5, true)])).toBeCloseTo(75, 3)
  expect(sumOf(square(-5, 0, 10))).toBeCloseTo(50, 3)
  expect(sumOf(square(0, 15, 10))).toBeCloseTo(50, 3)
  expect(sumOf(square(30, 30, 10))).toBe(0)
  const circle = [
    { command: "moveTo", args: [10, 2] },
    { command: "bezierCurveTo", args: [14.418, 2, 18, 5.582, 18, 10] },
    { command: "bezierCurveTo", args: [18, 14.418, 14.418, 18, 10, 18] },
    { command: "bezierCurveTo", args: [5.582, 18, 2, 14.418, 2, 10] },
    { command: "bezierCurveTo", args: [2, 5.582, 5.582, 2, 10, 2] },
  ]
  expect(Math.abs(sumOf(circle) - Math.PI * 64) / (Math.PI * 64)).toBeLessThan(0.01)
})

test("is a PNG of 1200 by 630 whose words are there, each in its place, for any words at all", () => {
  const inkIn = (png: Uint8Array, top: number, end: number) => {
    const { bytes } = readPng(png)
    let dark = 0
    for (let at = top * CARD.width * 4; at < end * CARD.width * 4; at += 4) if (bytes[at]! < 160) dark++
    return dark
  }
  const plain = drawCard(words)
  expect([readPng(plain).width, readPng(plain).height]).toEqual([1200, 630])
  expect(plain.length).toBeLessThan(60_000)
  for (const [top, end] of [
    [90, 140],
    [220, 470],
    [480, 600],
  ] as const)
    expect([top, inkIn(plain, top, end) > 500]).toEqual([top, true])
  // Without words their places are empty; others change the picture.
  expect(inkIn(drawCard({ ...words, title: "", text: "" }), 220, 600)).toBe(0)
  expect(Buffer.compare(drawCard({ ...words, accent: "#c02040" }), plain)).not.toBe(0)
  for (const title of [
    "x".repeat(5_000),
    "日本語のアプリ 🚀",
    "a \u0000\u202e‮b",
    "W".repeat(40),
    "\ud800",
    "A\u0301".repeat(200),
  ]) {
    const drawn = drawCard({ house: title, title, text: title, accent: "#ffffff" })
    expect([title.slice(0, 9), readPng(drawn).width]).toEqual([title.slice(0, 9), 1200])
  }
})
