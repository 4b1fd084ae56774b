// The addresses of the playground: words, and a tab for each other kind of answer.
import type { PageEntry } from "../../base/index.ts"

export const PLAYGROUND_PAGES = [
  {
    path: "/playground",
    viewer: "person",
    title: "Playground",
    nav: { group: "", label: "Playground", icon: "code", order: 34 },
    search: {
      text: "Try models side by side, with their speed and price.",
      words: "playground try chat compare models prompt stream image speech voice transcribe video test",
    },
  },
  { path: "/playground/pictures", viewer: "person", title: "Pictures on the playground" },
  { path: "/playground/speech", viewer: "person", title: "Speech on the playground" },
  { path: "/playground/recordings", viewer: "person", title: "Recordings on the playground" },
  { path: "/playground/videos", viewer: "person", title: "Videos on the playground" },
  { path: "/playground/videos/:playvideo", viewer: "person", title: "A video of the playground" },
  { path: "/playground/videos/:playvideo/content", viewer: "person", kind: "data", title: "A video as a file" },
] as const satisfies readonly PageEntry[]
