/** What a photo may be. */
export const PHOTO_TYPES = ['image/png', 'image/jpeg', 'image/webp'];

/** The widths that photos are served at, in pixels: a closed list, so that nobody can ask for work without end. */
export const PHOTO_WIDTHS = [320, 640, 960] as const;
