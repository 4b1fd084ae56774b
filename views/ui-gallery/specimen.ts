// What a gallery entry is. Types only.

/** `id` makes ids unique: each specimen is drawn twice on the page, in light and in dark. */
export interface Stand {
  id(name: string): string
  csrf: string
  now: number
}

export interface Specimen {
  name: string
  /** One line: when to use it. */
  use: string
  draw(on: Stand): JSX.Element
  /** Drawn over the whole width, one theme above the other. */
  wide?: boolean
}
