using Aigc2d.Gateway.Calls;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Forwarding;

/// <summary>A provider's answer to a free question, or its word that the question is wrong, in the client's dialect.</summary>
internal sealed record FreeAnswer(int Status, byte[] Body) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "application/json";
        httpContext.Response.ContentLength = Body.Length;
        await httpContext.Response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }
}

/// <summary>Has questions answered that providers take nothing for. Whoever asks can do without the answer.</summary>
internal sealed class FreeQuestions(IHttpClientFactory clients)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(12);

    /// <summary>Null when no provider answers, for whatever reason.</summary>
    /// <exception cref="OperationCanceledException">The client has gone away.</exception>
    public async Task<FreeAnswer?> AskAsync(HttpContext context, ReceivedCall received)
    {
        var trail = CallTrail.Of(context);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(LongestWait);
        try
        {
            using var request = ProviderRequest.For(trail.RequestId, received, context.Request, patience: null);
            using var answer = await clients.CreateClient(ProviderCalls.Destination).SendAsync(request, patience.Token);
            var isExplained = answer.IsSuccessStatusCode || ((int)answer.StatusCode is >= 400 and < 500 && answer.Content.Headers.ContentType?.MediaType == "application/json");
            return isExplained ? new FreeAnswer((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(patience.Token)) : null;
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && Outages.Include(exception))
        {
            return null;
        }
    }
}
