using Microsoft.Win32.SafeHandles;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>Standard output as bytes. The console's own stream takes everything when nobody reads any more, and a long run would never end.</summary>
internal static class StandardOutput
{
    private const int BrokenPipe = 32;

    public static Stream Open()
    {
        var raw = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!raw.CanSeek) return raw;

        // A raw stream counts its own position in a file, which others may write to as well.
        raw.Dispose();
        return Console.OpenStandardOutput();
    }

    /// <summary>Whether whoever reads our output has gone: no error of ours.</summary>
    public static bool IsGone(IOException exception) => exception.HResult == BrokenPipe;
}
