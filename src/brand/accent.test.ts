import { describe, expect, test } from "bun:test"
import { accentOf, contrast, isColour, rgbOf, sheetOf } from "./accent.ts"

const WCAG = 4.5

describe("the accent", () => {
  test("can be read in both themes, whatever colour was given", () => {
    // Each eighth of every channel: from black over yellow to white.
    for (let at = 0; at < 729; at++) {
      const digits = [at % 9, Math.floor(at / 9) % 9, Math.floor(at / 81)].map((step) => Math.min(255, step * 32))
      const hex = `#${digits.map((value) => value.toString(16).padStart(2, "0")).join("")}`
      const { light, dark } = accentOf(hex)
      for (const [theme, grounds] of [
        [light, ["#fcfaf7", "#f4f1ec", "#ffffff"]],
        [dark, ["#0f1318", "#1f242b"]],
      ] as const) {
        for (const ground of [...grounds, theme.soft, theme.on])
          expect([hex, contrast(rgbOf(theme.accent), rgbOf(ground)) >= WCAG]).toEqual([hex, true])
      }
    }
  })

  test("stays as it was given where it can be read", () => {
    const { light, dark } = accentOf("#0b6aa2")
    expect(light).toMatchObject({ accent: "#0b6aa2", isMoved: false, on: "#ffffff" })
    expect(dark.isMoved).toBe(true)
    expect(accentOf("#ffee00").light.isMoved).toBe(true)
    expect(accentOf("#ffee00").dark).toMatchObject({ isMoved: false })
  })

  test("contrast is that of WCAG", () => {
    expect(contrast(rgbOf("#000"), rgbOf("#ffffff"))).toBeCloseTo(21, 5)
    expect(contrast(rgbOf("#777777"), rgbOf("#fff"))).toBeCloseTo(4.48, 2)
  })

  test("is read from hex digits alone, so nothing else comes into the sheet", () => {
    expect(["#06a", "#0b6aa2", "#0B6AA2"].map(isColour)).toEqual([true, true, true])
    for (const text of ["06a", "#06", "red", "#0b6aa2;}", "#0b6aa2\n", ""])
      expect([text, isColour(text)]).toEqual([text, false])
    expect(sheetOf("#0b6aa2")).toMatch(
      /^@layer tokens \{\n {2}:root \{\n( {4}--[a-z-]+: light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);\n){4} {2}\}\n\}\n$/,
    )
  })
})
