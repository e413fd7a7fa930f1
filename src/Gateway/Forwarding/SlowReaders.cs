namespace Aigc2d.Gateway.Forwarding;

/// <summary>Writes to clients no faster than they read, and notices those that have stopped.</summary>
internal static class SlowReaders
{
    /// <summary>How long a client may take nothing at all. The server takes 64 KB ahead of it; beyond that a write waits.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Writes and flushes. False when the client has gone or has read nothing for too long.</summary>
    public static async Task<bool> WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes, TimeProvider time)
    {
        var flush = context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
        if (flush.IsCompletedSuccessfully) return !(await flush).IsCanceled;

        try
        {
            return !(await flush.AsTask().WaitAsync(LongestPause, time)).IsCanceled;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
