// Line icons and the product mark as inline SVG, drawn on a 24 grid. Decorative: always beside a word, hidden from readers.

const PATHS = {
  home: "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
  apps: "M5 4h5v6H5zM14 4h5v6h-5zM5 14h5v6H5zM14 14h5v6h-5z",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  code: "m8 7-5 5 5 5M16 7l5 5-5 5M14 4l-4 16",
  plus: "M12 5v14M5 12h14",
  users:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a6.5 6.5 0 0 1 3.5 6",
  server: "M4 5h16v6H4zM4 13h16v6H4zM8 8h.01M8 16h.01",
  gauge: "M4 18a9 9 0 1 1 16 0M12 14l4-5",
  check: "m5 13 4.5 4.5L19 7",
  alert:
    "M12 8v5M12 16.5v.01M10.6 4.4 2.9 18a1.6 1.6 0 0 0 1.4 2.4h15.4a1.6 1.6 0 0 0 1.4-2.4L13.4 4.4a1.6 1.6 0 0 0-2.8 0z",
  info: "M12 11v6M12 7.5v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  cross: "M6 6l12 12M18 6 6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  out: "M14 4h5v16h-5M4 12h11M11 8l4 4-4 4",
  arrow: "M5 12h14M13 6l6 6-6 6",
  clock: "M12 7v5l3.5 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  coin: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  back: "M19 12H5M11 6l-6 6 6 6",
} as const

export type IconName = keyof typeof PATHS

/** A decorative icon; the word beside it carries the meaning. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}

/** The product mark: a P whose bowl is a coin. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect width="24" height="24" rx="6" />
      <path d="M8.5 19V10.5" />
      <circle cx="12.75" cy="10" r="4.25" />
    </svg>
  )
}
