// A QR code, drawn as one path. Black on white in every theme: cameras look for dark on light.

export interface QrCodeProps {
  /** Rows of modules, true = dark, with the quiet zone around them. */
  modules: readonly (readonly boolean[])[]
  /** What it is, for who cannot see it; what it says stands beside it as text. */
  label: string
}

export function QrCode({ modules, label }: QrCodeProps): JSX.Element {
  const size = modules.length
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={pathOf(modules)} fill="#000" />
    </svg>
  )
}

/** Runs of dark modules, row by row. */
function pathOf(modules: QrCodeProps["modules"]): string {
  const runs: string[] = []
  for (const [y, row] of modules.entries())
    for (let x = 0; x < row.length; x++) {
      const start = x
      while (row[x]) x++
      if (x > start) runs.push(`M${start} ${y}h${x - start}v1H${start}z`)
    }
  return runs.join("")
}
