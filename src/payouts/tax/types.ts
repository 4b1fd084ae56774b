// Words of tax numbers: under which number a tax office knows a payee.
import type { PrincipalId } from "../../app/index.ts"

/** `ssn`: of a person in the United States, an ITIN as well. `ein`: of a company there. `other`: whatever else a country gives. */
export type TaxKind = "vat" | "ssn" | "ein" | "other"

/** What may be shown of one. */
export interface TaxNumber {
  /** `ptx_…` */
  publicId: string
  ownerId: PrincipalId
  /** ISO 3166-1, two letters */
  country: string
  kind: TaxKind
  /** How it ends, at most four characters. */
  hint: string
  setMs: number
}
