namespace Refit;

/// <summary>How a client writes bodies, reads answers and reports failures.</summary>
public class RefitSettings
{
    public RefitSettings()
        : this(new SystemTextJsonContentSerializer())
    {
    }

    public RefitSettings(IHttpContentSerializer contentSerializer)
    {
        ArgumentNullException.ThrowIfNull(contentSerializer);
        ContentSerializer = contentSerializer;
        ExceptionFactory = FromResponseAsync;
        TransportExceptionFactory = FromTransport;
    }

    public IHttpContentSerializer ContentSerializer { get; set; }

    /// <summary>Turns an answer into the exception to throw, or null when the answer is fine.</summary>
    public Func<HttpResponseMessage, ValueTask<Exception?>> ExceptionFactory { get; set; }

    /// <summary>Turns a failure to get any answer into the exception to throw; the caller's own cancellation passes unchanged by default.</summary>
    public Func<HttpRequestMessage, Exception, CancellationToken, Exception> TransportExceptionFactory { get; set; }

    private async ValueTask<Exception?> FromResponseAsync(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode) return null;

        var request = response.RequestMessage ?? throw new InvalidOperationException("The response does not carry its request.");
        return await ApiException.Create(request, request.Method, response, this).ConfigureAwait(false);
    }

    private Exception FromTransport(HttpRequestMessage request, Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested
            ? exception
            : new ApiRequestException(request, request.Method, this, exception);
}
