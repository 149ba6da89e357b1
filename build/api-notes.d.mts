export const GROUPS: { title: string; commands: Record<string, [reply: string, refusals: string]> }[];
export const ANYWHERE: string[];
