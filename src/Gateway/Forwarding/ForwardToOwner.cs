using System.Net;
using System.Net.Http.Headers;
using Aigc2d.Gateway.Bodies;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Forwarding;

/// <summary>Hands a request to the service that owns its route, byte for byte, and its answer back. Who is asking is said by us, never by the client.</summary>
internal sealed class ForwardToOwner(IHttpClientFactory clients, TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(100);
    private static readonly string[] Passed = ["Accept", "Idempotency-Key"];

    /// <param name="context">The request; its path is used unchanged.</param>
    /// <param name="owner">The service's name.</param>
    /// <param name="identity">Headers that say who is asking.</param>
    public async Task ForwardAsync(HttpContext context, string owner, params IEnumerable<KeyValuePair<string, string>> identity)
    {
        using var request = RequestFor(context, identity);
        using var answer = await AskAsync(clients.CreateClient(owner), request, context.RequestAborted);
        if (answer is null)
        {
            await EdgeProblems.Unavailable().ExecuteAsync(context);
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        context.Response.ContentLength = answer.Content.Headers.ContentLength;
        if (answer.Content.Headers.ContentDisposition is { } disposition) context.Response.Headers.ContentDisposition = disposition.ToString();
        if (answer.Headers.Location is { } location) context.Response.Headers.Location = location.ToString();
        if (answer.Headers.CacheControl is { } cache) context.Response.Headers.CacheControl = cache.ToString();
        if (answer.Headers.RetryAfter is { } wait) context.Response.Headers.RetryAfter = wait.ToString();
        await CopyAsync(answer, context);
    }

    private static async Task<HttpResponseMessage?> AskAsync(HttpClient owner, HttpRequestMessage request, CancellationToken clientGone)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(clientGone);
        patience.CancelAfter(LongestWait);
        try
        {
            var answer = await owner.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            // Owners trust us by a header of our own: when they do not, the fault is not the caller's.
            if (answer.StatusCode != HttpStatusCode.Unauthorized) return answer;

            answer.Dispose();
            return null;
        }
        catch (HttpRequestException exception) when (exception.InnerException is BadHttpRequestException unreadable)
        {
            // The caller's own body was at fault, for example too large.
            throw unreadable;
        }
        catch (Exception exception) when (!clientGone.IsCancellationRequested && Outages.Include(exception))
        {
            return null;
        }
    }

    private static HttpRequestMessage RequestFor(HttpContext context, IEnumerable<KeyValuePair<string, string>> identity)
    {
        var incoming = context.Request;
        var request = new HttpRequestMessage(new HttpMethod(incoming.Method), new Uri(incoming.Path.ToUriComponent() + incoming.QueryString.ToUriComponent(), UriKind.Relative));
        if (incoming.ContentLength > 0 || incoming.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(new IncomingBody(incoming));
            request.Content.Headers.ContentLength = incoming.ContentLength;
            if (MediaTypeHeaderValue.TryParse(incoming.ContentType, out var type)) request.Content.Headers.ContentType = type;
        }

        foreach (var name in Passed)
        {
            if (incoming.Headers.TryGetValue(name, out var values)) request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        foreach (var (name, value) in identity) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private async Task CopyAsync(HttpResponseMessage answer, HttpContext context)
    {
        try
        {
            await using var source = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
            var buffer = new byte[16 * 1024];
            while (await source.ReadAsync(buffer, context.RequestAborted) is var length and > 0)
            {
                if (await SlowReaders.WriteAsync(context, buffer.AsMemory(0, length), time)) continue;

                context.Abort();
                return;
            }
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && exception is IOException or HttpRequestException)
        {
            throw new AnswerBrokenOffException();
        }
    }
}
