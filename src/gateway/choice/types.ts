// What the gateway's door offers of the choice of models.
import type { ClientId, UserId } from "../../app/index.ts"
import type { Mode } from "../../oauth/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { Capability, CapabilityNow, Option, Preference } from "./capabilities.ts"
import type { HouseModel } from "./house.ts"

export interface ChoiceVerbs {
  /** What counts for calls of this person, through this app or without one. */
  preferenceFor(userId: UserId, clientId: ClientId | null): Preference
  /** What was said for one app, or everywhere (0); null = nothing. */
  preferenceOf(userId: UserId, clientId: number): Preference | null
  /** @throws AppError validation_failed with formErrors, plan_required */
  setPreference(
    ctx: WriteContext,
    whose: { userId: UserId; userPublicId: string; clientId: number },
    preference: Preference | null,
  ): Promise<void>
  /** Every capability, for lists that everybody reads. */
  capabilitiesNow(): readonly CapabilityNow[]
  /** Who would be asked for a capability, the first one first. */
  previewOf(capability: Capability, preference: Preference, mode: Mode): readonly Option[]
  /** Every model that answers, once a provider. */
  modelOptions(mode: Mode): Option[]
  houseModels(): HouseModel[]
  houseModel(publicId: string): HouseModel | null
  /** @throws AppError not_found, validation_failed with formErrors */
  setHouseModelIn(tx: Tx, publicId: string | null, terms: Omit<HouseModel, "publicId">): HouseModel
  setHouseModel(ctx: WriteContext, publicId: string | null, terms: Omit<HouseModel, "publicId">): Promise<HouseModel>
}
