using System.Globalization;

namespace Aigc2d.Gateway.Forwarding;

/// <summary>
/// How long a client waits for its answer before it gives up and asks again, as official clients say in a header. An answer that comes later would
/// be paid for and read by nobody.
/// </summary>
internal static class ClientPatience
{
    private const string Header = "x-stainless-timeout";
    private static readonly TimeSpan LongestTravel = TimeSpan.FromSeconds(1);

    /// <summary>What is left of it, less the time that an error needs to arrive; null when the client did not say.</summary>
    public static TimeSpan? Of(HttpRequest request, TimeSpan elapsed)
    {
        if (!int.TryParse(request.Headers[Header], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < 1) return null;

        var whole = TimeSpan.FromSeconds(seconds);
        var travel = whole / 4 < LongestTravel ? whole / 4 : LongestTravel;
        var left = whole - travel - elapsed;
        return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
    }
}
