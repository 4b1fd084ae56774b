// How this house is called and looks, in every head: the operator's logo and name, or the product's.
import { Mark } from "../ui/icon.tsx"
import type { Brand } from "./frame.ts"

/** Where nobody gave another. */
export const BRAND: Brand = { name: "Purser" }

/** Inside the link that leads home. */
export function BrandMark({ brand = BRAND }: { brand?: Brand | undefined }): JSX.Element {
  return (
    <>
      {brand.logoUrl === undefined ? <Mark /> : <img class="mark" src={brand.logoUrl} alt="" width="26" height="26" />}
      <span safe>{brand.name}</span>
    </>
  )
}
