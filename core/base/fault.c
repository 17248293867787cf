/* Knows how a failure is written down and which exit code it means; see fault.h. */
#include "core/base/fault.h"

#include "core/base/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 5, 0))) static void fault_write(struct fault *why,
                                                              enum fault_code code, uint64_t line,
                                                              uint64_t column, const char *format,
                                                              va_list args)
{
    if (!why)
        return;
    why->code = code;
    why->line = line;
    why->column = column;
    why->offset = 0;
    /* A sentence that comes whole is looked up like one that comes as a format. */
    if (strcmp(format, "%s") == 0)
        snprintf(why->text, sizeof why->text, "%s", _(va_arg(args, const char *)));
    else
        vsnprintf(why->text, sizeof why->text, _(format), args);
}

enum fault_code fault_set(struct fault *why, enum fault_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fault_write(why, code, 0, 0, format, args);
    va_end(args);
    return code;
}

enum fault_code fault_at(struct fault *why, enum fault_code code, uint64_t line, uint64_t column,
                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fault_write(why, code, line, column, format, args);
    va_end(args);
    return code;
}

int fault_exit_code(enum fault_code code)
{
    switch (code) {
    case FAULT_NONE:
        return 0;
    case FAULT_USAGE:
        return 2;
    case FAULT_MISSING:
    case FAULT_FORMAT:
    case FAULT_LIMIT:
        return 4;
    case FAULT_INDEX:
        return 5;
    case FAULT_IO:
        return 6;
    case FAULT_BUSY:
        return 7;
    case FAULT_CONFIG:
        return 8;
    case FAULT_LEAK:
        return 1;
    case FAULT_CANCELLED:
        return 130;
    case FAULT_INTERNAL:
        break;
    }
    return 70;
}
