/* Knows nothing yet but its door; the loop behind it follows with the first view. */
#include "tui/view/explorer.h"

#include "tui/screen/theme.h"

int explorer_run(const struct explorer_options *options, struct fault *why)
{
    (void)options;
    return fault_exit_code(
        fault_set(why, FAULT_INTERNAL, "the explorer is not part of this build yet"));
}

const char *const *explorer_themes(void)
{

    return theme_names();
}
