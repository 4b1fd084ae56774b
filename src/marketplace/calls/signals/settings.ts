// What an operator takes for a sign of abuse. 0 switches a rule off.
import { field } from "../../../http/index.ts"
import type { Setting } from "../../../part/index.ts"

const GROUP = "Signs of abuse of product keys"

const number = (key: string, label: string, help: string, standard: number): Setting<number> => ({
  key: `marketplace.${key}`,
  group: GROUP,
  field: field.count({ label, help: `${help} 0 = not looked at.`, required: true }),
  default: standard,
  problem: (value) => (Number.isInteger(value) && value >= 0 && value <= 1_000_000 ? null : "Give 0 to 1,000,000."),
})

export const NETWORKS_AN_HOUR = number(
  "signal_networks",
  "Networks of one key within an hour",
  "A key that works from more of them was shared or stolen.",
  25,
)
export const REFUSALS_A_MINUTE = number(
  "signal_refusals",
  "Refused calls of one key within a minute",
  "Answers 401 and 403: a program that lost its key, or somebody who tries.",
  100,
)
export const SURGE_TIMES = number(
  "signal_surge",
  "Times its own usual day",
  "Calls of a subscription today against the median of its last two weeks; from 1,000 calls on.",
  10,
)
export const KEY_IN_URL = number(
  "signal_url",
  "Calls with the key in the address",
  "Addresses end up in logs and histories. So many within an hour are told once.",
  20,
)

export const SIGNAL_SETTINGS = [NETWORKS_AN_HOUR, REFUSALS_A_MINUTE, SURGE_TIMES, KEY_IN_URL] as const
