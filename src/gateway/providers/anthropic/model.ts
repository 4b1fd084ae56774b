// What a model of Anthropic's understands, by its name: nothing else says it before it is asked.

/** `claude-3-5-sonnet-20241022` → 305, `claude-opus-4-20250514` → 400, `claude-haiku-4.5` → 405; names without a number are the newest. */
function versionOf(model: string): number {
  const found = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/i.exec(model)
  return found ? Number(found[1]) * 100 + Number(found[2] ?? 0) : Number.POSITIVE_INFINITY
}

/** How thinking is asked for: by tokens until 4.5, by tokens or left to the model in 4.6, left to the model alone after it. */
export const thinksByBudget = (model: string): boolean => versionOf(model) < 407
export const thinksByItself = (model: string): boolean => versionOf(model) >= 406
/** `output_config.effort`: of Opus from 4.5 on. */
export const knowsEffort = (model: string): boolean =>
  versionOf(model) >= 406 || (versionOf(model) === 405 && /opus/i.test(model))
export const knowsHighestEfforts = (model: string): boolean => versionOf(model) >= 407
/** A system turn after one of the user: Opus from 4.8 on, and everything since. */
export const takesLaterSystem = (model: string): boolean => versionOf(model) >= 408
