// What the audit log says of product keys.
import { type Named, type Sentences, said } from "../../part/index.ts"

/** The name at the time: keys are renamed. */
const named = ({ name }: Readonly<Record<string, unknown>>, what: Named): Named =>
  typeof name === "string" ? { name } : what

export const CALL_SENTENCES: Sentences = {
  "product_key.created": {
    topic: "access",
    label: "New product key",
    say: ({ who, what, after }) => said`${who} made the product key ${named(after, what)}`,
  },
  "product_key.updated": {
    topic: "access",
    label: "Change of a product key",
    say: ({ who, what, after }) => said`${who} changed the product key ${named(after, what)}`,
  },
  "product_key.rotated": {
    topic: "access",
    label: "New secret of a product key",
    say: ({ who, what, after }) => said`${who} gave the product key ${named(after, what)} a new secret`,
  },
  "product_key.revoked": {
    topic: "access",
    label: "Product key revoked",
    say: ({ who, what, before }) => said`${who} revoked the product key ${named(before, what)}`,
  },
  "product.sign_closed": {
    topic: "apps",
    label: "Sign of unusual use closed",
    say: ({ who, what }) => said`${who} looked at a sign of unusual use of the API ${what}`,
  },
}
