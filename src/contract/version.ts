/** Raised when a meaning changes; additions are free. In the ready line, /api/health and every exported file. */
export const CONTRACT_VERSION = 1;
/** The program's version, kept equal to package.json by a test. */
export const APP_VERSION = '0.1.0';
