export function apiPage(): string;
export function compared(): { made: string; found: string };
