/* See path.h. */
#include "tui/view/path.h"

const struct paths_answer *path_known(const struct desk *d, const struct prompt *line)
{
    const struct answer *a = d->newest[ASK_PATHS];
    bool fits = a && !a->bad && slice_equal(a->paths.path, buf_slice(&line->text));
    return fits ? &a->paths : NULL;
}

/* Where the last part of a path begins. */
static size_t last_part(struct slice path)
{
    size_t at = path.len;
    while (at > 0 && path.at[at - 1] != '/')
        at--;
    return at;
}

bool path_complete(struct prompt *line, const struct paths_answer *known)
{
    struct slice path = buf_slice(&line->text);
    size_t at = last_part(path);
    if (known->count == 0)
        return false;
    struct slice first = known->names[0];
    size_t common = first.len;
    for (size_t i = 1; i < known->count; i++) {
        size_t same = 0;
        while (same < common && same < known->names[i].len &&
               first.at[same] == known->names[i].at[same])
            same++;
        common = same;
    }
    /* Never in the middle of a letter. */
    while (common > 0 && common < first.len && ((unsigned char)first.at[common] & 0xC0) == 0x80)
        common--;
    if (common <= path.len - at)
        return false;
    return prompt_replace(line, at, path.len, slice_first(first, common));
}
