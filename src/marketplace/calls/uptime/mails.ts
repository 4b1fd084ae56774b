// Mails to publishers about their own servers. The title is their own text.
import type { Letter } from "../../../part/index.ts"

export interface ServerData {
  product: string
  publicId: string
  what: "down" | "up" | "errors"
  percent: number
}

const SUBJECT = {
  down: "The server of your API does not answer",
  up: "The server of your API answers again",
  errors: "Many calls of your API fail",
} as const

const TEXT: Record<ServerData["what"], (data: ServerData) => string> = {
  down: ({ product }) =>
    `The server of “${product}” did not answer several times in a row. Calls fail, and use no units.`,
  up: ({ product }) => `The server of “${product}” answers again.`,
  errors: ({ product, percent }) => `${percent} % of today’s calls of “${product}” ended with an error of its server.`,
}

export const serverTold: Letter<ServerData> = {
  kind: "product_server",
  subject: ({ what }) => SUBJECT[what] ?? SUBJECT.errors,
  body: (data, { baseUrl }) => [
    (TEXT[data.what] ?? TEXT.errors)(data),
    { text: "Look at its calls and their errors:", link: `${baseUrl}/publisher/products/${data.publicId}` },
  ],
  sample: { product: "Weather", publicId: "prd_01", what: "down", percent: 0 },
  others: [
    { product: "Weather", publicId: "prd_01", what: "up", percent: 0 },
    { product: "Weather", publicId: "prd_01", what: "errors", percent: 40 },
  ],
}
