/** Values of SPOKE_REVISION and HUB_REVISION whose maths is known, newest first. */
export const REVISIONS: readonly string[] = ['1']
