using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Aigc2d.TestKit;

/// <summary>Signals to processes that a test has started itself.</summary>
public static partial class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal; a process that is gone already is fine.</summary>
    public static void Send(int pid, int signal)
    {
        if (SendSignal(pid, signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != NoSuchProcess) throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);
}
