import { expect, test } from "bun:test"
import { paperIn, paperTokens } from "./document-tokens.ts"

const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64")
const pdf = (body: string) => base64(`%PDF-1.7\n${body}\n%%EOF`)

test("pages are counted where they stand in the open, by leaves or by what their tree counts", () => {
  const leaf = "<</Type/Page/Parent 1 0 R>>\n"
  expect(paperIn(pdf(leaf.repeat(3))).pages).toBe(3)
  expect(paperIn(pdf(`<< /Type /Pages /Kids [2 0 R] /Count 12 >>\n${leaf}`)).pages).toBe(12)
  expect(paperIn(pdf("<< /Count 7 /Kids [2 0 R] /Type /Pages >>")).pages).toBe(7)
  expect(paperIn(pdf("<< /Type /Outlines /Count 99 >>")).pages).toBeNull()
  expect(paperIn(pdf("<</Type/ObjStm>>")).pages).toBeNull()
  expect(paperIn(pdf("<< /Type /Pages /Count 99999 >>")).pages).toBeNull()
  expect(paperIn(base64("no document /Type/Page")).pages).toBeNull()
})

test("a page costs what the model makes of it; a file that hides them is counted by its bytes", () => {
  expect(paperTokens("claude-sonnet-4-5", { bytes: 9_000_000, pages: 4 })).toBe(10_000)
  expect(paperTokens("gemini-2.5-flash", { bytes: 9_000_000, pages: 4 })).toBe(1_032)
  expect(paperTokens("gpt-5", { bytes: 1_000_000, pages: null })).toBe(50_000)
  expect(paperTokens("gpt-5", { bytes: 10, pages: null })).toBe(3_000)
})

test("a file made to be slow is not", () => {
  const before = performance.now()
  paperIn(pdf("/Type/Pages ".repeat(200_000)))
  const slow = performance.now() - before
  const again = performance.now()
  paperIn(pdf("x".repeat(2_400_000)))
  // A factor of a plain file of the same size, with room for a busy machine.
  expect(slow / (performance.now() - again)).toBeLessThan(200)
})
