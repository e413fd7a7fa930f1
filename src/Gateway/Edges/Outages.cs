using System.Text.Json;
using Aigc2d.ServiceDefaults.Batching;
using Refit;

namespace Aigc2d.Gateway.Edges;

/// <summary>Tells an outage of a sibling service, which is answered with 503, from a bug of ours.</summary>
internal static class Outages
{
    public static bool Include(Exception exception) => exception is
        HttpRequestException or ApiExceptionBase or BatcherOverloadedException or OperationCanceledException or TimeoutException or IOException or JsonException;
}
