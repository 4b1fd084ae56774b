// The mails of product keys. The name is its owner's own text.
import type { Letter } from "../../../part/index.ts"

export interface ProductKeyData {
  name: string
  /** `api_live_Ab12` */
  prefix: string
}

export const productKeyCreated: Letter<ProductKeyData> = {
  kind: "product_key_created",
  subject: (_, { productName }) => `A new key for an API on ${productName} was made`,
  body: ({ name, prefix }, { baseUrl }) => [
    "A key for an API that you subscribe to was made on your account. Whoever has it can use up your quota.",
    { text: `Its name is “${name}”, and it begins with`, code: prefix },
    "If it was you, there is nothing to do.",
    { text: "If it was not you, revoke the key and choose a new password:", link: `${baseUrl}/subscriptions` },
  ],
  sample: { name: "Website", prefix: "api_live_Ab12" },
}
