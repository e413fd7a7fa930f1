using Aigc2d.Gateway.Bodies;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Aigc2d.Gateway.Listeners;

/// <summary>What a connection may cost before anybody knows who is asking. Said here, so that no default of the server decides it.</summary>
internal static class ConnectionLimits
{
    private const int MostLineBytes = 8 * 1024;
    private const int MostHeaderBytes = 32 * 1024;
    private const int MostHeaders = 100;
    private const int LeastBodyBytesPerSecond = 240;
    private const int LeastAnswerBytesPerSecond = 4 * 1024;
    private static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(130);

    public static void Apply(KestrelServerLimits limits, IConfiguration configuration)
    {
        limits.MaxRequestLineSize = MostLineBytes;
        limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        limits.MaxRequestHeaderCount = MostHeaders;
        limits.RequestHeadersTimeout = configuration.GetValue("Connections:HeadersTime", HeadersTime);
        limits.KeepAliveTimeout = configuration.GetValue("Connections:IdleTime", IdleTime);
        limits.MaxRequestBodySize = ReadBody.MostBytes;
        limits.MinRequestBodyDataRate = new MinDataRate(LeastBodyBytesPerSecond, configuration.GetValue("Connections:BodyGrace", BodyGrace));
        limits.MinResponseDataRate = new MinDataRate(LeastAnswerBytesPerSecond, configuration.GetValue("Connections:BodyGrace", BodyGrace));
    }
}
