/* The front door: makes the process safe, then hands the import wing to the command line. The only
 * file that sees every wing. */
#include "import/importer.h"
#include "tui/cli/start.h"
#include "tui/cli/stop.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <malloc.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGE_ALLOCATION = 1024 * 1024 };

/* What was started without stdin, stdout or stderr must not get the index as one of them. */
static void main_fill_standard_files(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY | O_NOCTTY); /* so that writing to it is an error */
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

int main(int argc, char **argv)
{
    struct rlimit none = {0, 0};
    main_fill_standard_files();
    umask(077);
    setrlimit(RLIMIT_CORE, &none); /* no log text in core files, none for other processes */
#ifndef __SANITIZE_ADDRESS__       /* the leak checker must be able to look at its own process */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
    mallopt(M_MMAP_THRESHOLD, LARGE_ALLOCATION); /* what is large goes back when it is freed */
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    stop_install();
    return cli_start(&importer_door, argc, argv);
}
