// The same paper as a PDF: one column on A4, tagged for readers, its fonts within. Equal papers are equal bytes.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assetFolder, PRODUCT_NAME } from "../../app/index.ts"
import { headsOf, type Paper, type PaperLine, type PaperTotal } from "./paper.ts"

type Pdf = PDFKit.PDFDocument
type Font = "regular" | "semibold"

const MARGIN = 56
const WIDTH = 595.28 - 2 * MARGIN
const BOTTOM = 841.89 - MARGIN
const INK = "#1c2024"
const QUIET = "#5b6470"
const EDGE = "#d3d8de"
/** Where columns of figures end, from the left. */
const COLUMNS = [WIDTH - 170, WIDTH - 85, WIDTH] as const
const TEXT_WIDTH = WIDTH - 220
/** The longest sentence that an operator may set. */
const NOTE_HEIGHT = 110
/** In place of a character that the font does not have. */
const UNKNOWN = "□"

const fonts = new Map<Font, Buffer>()
function fontOf(name: Font): Buffer {
  let known = fonts.get(name)
  if (!known) {
    known = readFileSync(join(assetFolder("public"), "fonts", `print-${name}.ttf`))
    fonts.set(name, known)
  }
  return known
}

/** Takes some 0.1 s: for the read Worker. */
export function pdfOf(paper: Paper): Uint8Array {
  // Loaded with the first paper, not with the server.
  const PDFDocument = require("pdfkit") as typeof import("pdfkit")
  const pdf: Pdf = new PDFDocument({
    // The standard fonts lie in files beside the library, and know Latin only.
    font: null as never,
    size: "A4",
    margin: MARGIN,
    tagged: true,
    lang: "en",
    displayTitle: true,
    pdfVersion: "1.7",
    info: {
      Title: `${paper.title} ${paper.number}`,
      Author: paper.seller[0] ?? PRODUCT_NAME,
      Creator: PRODUCT_NAME,
      CreationDate: new Date(paper.issuedMs),
    },
  })
  new Sheet(pdf).draw(paper)
  pdf.end()
  const chunks: Buffer[] = []
  for (let chunk = pdf.read() as Buffer | null; chunk; chunk = pdf.read() as Buffer | null) chunks.push(chunk)
  return Buffer.concat(chunks)
}

interface Look {
  size?: number
  font?: Font
  colour?: string
  width?: number
  align?: "left" | "right"
}

/** A pen on the paper: what is drawn, and how far down it is. */
class Sheet {
  private readonly root: PDFKit.PDFStructureElement
  private isLacking = false
  private y = MARGIN

  constructor(private readonly pdf: Pdf) {
    pdf.registerFont("regular", fontOf("regular"))
    pdf.registerFont("semibold", fontOf("semibold"))
    this.root = pdf.struct("Document")
    pdf.addStructure(this.root)
  }

  draw(paper: Paper): void {
    this.tagged("H1", () => this.put(paper.title, 0, { size: 22, font: "semibold" }))
    this.y += 20
    this.facts(paper)
    this.y += 18
    this.parties(paper)
    this.y += 26
    this.lines(paper)
    this.totals(paper.totals)
    this.notes(paper)
    this.root.end()
  }

  private tagged(tag: string, draw: () => void, within = this.root): void {
    within.add(this.pdf.struct(tag, {}, draw))
  }

  /** Draws a text at this height. @returns how high it is */
  private text(text: string, x: number, look: Look): number {
    const { size = 10, font = "regular", colour = INK, width = WIDTH, align = "left" } = look
    this.pdf.font(font).fontSize(size).fillColor(colour)
    const known = this.printable(text)
    const options = { width, align, lineGap: 2, features: ["kern", "tnum"] as never }
    const height = this.pdf.heightOfString(known, options)
    this.pdf.text(known, MARGIN + x, this.y, options)
    return height
  }

  private put(text: string, x: number, look: Look): void {
    this.y += this.text(text, x, look)
  }

  private printable(text: string): string {
    const { font } = (this.pdf as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } })._font
    return [...text]
      .map((char) => {
        if (font.hasGlyphForCodePoint(char.codePointAt(0)!)) return char
        this.isLacking = true
        return UNKNOWN
      })
      .join("")
  }

  private roomFor(height: number): void {
    if (this.y + height <= BOTTOM) return
    this.pdf.addPage()
    this.y = MARGIN
  }

  private facts({ facts }: Paper): void {
    for (const { label, text } of facts)
      this.tagged("P", () => {
        this.text(label, 0, { colour: QUIET, width: 90 })
        this.put(text, 90, { width: WIDTH - 90 })
        this.y += 2
      })
  }

  private parties(paper: Paper): void {
    const { seller, buyer } = paper
    const heads = headsOf(paper)
    const [top, half] = [this.y, WIDTH / 2]
    const heights = [[heads.seller, seller, 0] as const, [heads.buyer, buyer, half] as const].map(
      ([label, lines, x]) => {
        this.y = top
        this.tagged("P", () => {
          this.put(label, x, { colour: QUIET, width: half - 16 })
          for (const [at, line] of lines.entries())
            this.put(line, x, { width: half - 16, font: at === 0 ? "semibold" : "regular" })
        })
        return this.y
      },
    )
    this.y = Math.max(...heights)
  }

  private lines(paper: Paper): void {
    const { lines } = paper
    const [quantity, unit, amount] = headsOf(paper).figures
    const table = this.pdf.struct("Table")
    this.root.add(table)
    this.row(table, "TH", { text: "What", period: null, quantity, unit, amount })
    this.rule()
    for (const line of lines) {
      this.row(table, "TD", line)
      this.rule()
    }
    table.end()
  }

  private row(table: PDFKit.PDFStructureElement, tag: "TH" | "TD", line: PaperLine): void {
    const look = tag === "TH" ? { colour: QUIET } : {}
    this.pdf.font("regular").fontSize(10)
    const height = this.pdf.heightOfString(line.text, { width: TEXT_WIDTH, lineGap: 2 })
    this.roomFor(height + (line.period ? 16 : 0) + 14)
    const row = this.pdf.struct("TR")
    table.add(row)
    this.y += 6
    let after = this.y
    this.tagged(
      tag,
      () => {
        const top = this.y
        this.put(line.text, 0, { ...look, width: TEXT_WIDTH })
        if (line.period) this.put(line.period, 0, { size: 9, colour: QUIET, width: TEXT_WIDTH })
        after = this.y
        this.y = top
      },
      row,
    )
    for (const [at, figure] of [line.quantity, line.unit, line.amount].entries())
      this.tagged(tag, () => this.right(figure, COLUMNS[at]!, look), row)
    row.end()
    this.y = after + 6
  }

  /** A figure that ends here. */
  private right(text: string, end: number, look: Look): number {
    return this.text(text, end - 85, { ...look, width: 85, align: "right" })
  }

  private rule(): void {
    this.pdf.markContent("Artifact", { type: "Layout" })
    this.pdf
      .moveTo(MARGIN, this.y)
      .lineTo(MARGIN + WIDTH, this.y)
      .lineWidth(0.5)
      .strokeColor(EDGE)
      .stroke()
    this.pdf.endMarkedContent()
  }

  private totals(totals: readonly PaperTotal[]): void {
    this.roomFor(totals.length * 18 + 12)
    this.y += 10
    for (const { label, amount, strong } of totals)
      this.tagged("P", () => {
        const look: Look = strong ? { font: "semibold", size: 12 } : {}
        this.text(label, WIDTH - 320, { ...look, width: 210, align: "right" })
        this.y += this.right(amount, WIDTH, look) + 3
      })
    this.tagged("P", () => this.put("Amounts are US dollars.", 0, { size: 9, colour: QUIET, align: "right" }))
  }

  private notes({ notes, url }: Paper): void {
    this.y += 24
    const note = (text: string, look: Look = {}) => {
      this.roomFor(NOTE_HEIGHT)
      this.tagged("P", () => this.put(text, 0, look))
      this.y += 6
    }
    for (const text of notes) note(text)
    const quiet = { size: 9, colour: QUIET }
    if (this.isLacking) note(`${UNKNOWN} stands for a character that this paper cannot print. The page has it.`, quiet)
    note(url, quiet)
  }
}
