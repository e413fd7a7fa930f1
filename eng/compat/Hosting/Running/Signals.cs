using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>POSIX signals to processes and process groups.</summary>
internal static class Signals
{
    private const int Kill = 9;
    private const int Terminate = 15;

    public static void TerminateGroup(int group) => _ = SendSignal(-group, Terminate);

    public static void KillGroup(int group) => _ = SendSignal(-group, Kill);

    public static void KillProcess(int process) => _ = SendSignal(process, Kill);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
