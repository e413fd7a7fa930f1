using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Refit;

/// <summary>A call that did not give its result.</summary>
public abstract class ApiExceptionBase : Exception
{
    protected ApiExceptionBase(
        string exceptionMessage, HttpRequestMessage message, HttpMethod httpMethod, RefitSettings refitSettings, Exception? innerException)
        : base(exceptionMessage, innerException)
    {
        RequestMessage = message;
        HttpMethod = httpMethod;
        RefitSettings = refitSettings;
    }

    public HttpRequestMessage RequestMessage { get; }

    public HttpMethod HttpMethod { get; }

    public RefitSettings RefitSettings { get; }

    public Uri? Uri => RequestMessage.RequestUri;
}

/// <summary>No answer came: the connection, the time-out or the request itself failed; the cause is the inner exception.</summary>
public class ApiRequestException : ApiExceptionBase
{
    public ApiRequestException(HttpRequestMessage message, HttpMethod httpMethod, RefitSettings refitSettings, Exception innerException)
        : base(innerException?.Message ?? "The request failed.", message, httpMethod, refitSettings, innerException)
    {
    }
}

/// <summary>An answer came and it is an error, or it cannot be read.</summary>
public class ApiException : ApiExceptionBase
{
    protected ApiException(
        string exceptionMessage, HttpRequestMessage message, HttpMethod httpMethod, string? content, HttpStatusCode statusCode, string? reasonPhrase,
        HttpResponseHeaders headers, RefitSettings refitSettings, Exception? innerException)
        : base(exceptionMessage, message, httpMethod, refitSettings, innerException)
    {
        Content = content;
        StatusCode = statusCode;
        ReasonPhrase = reasonPhrase;
        Headers = headers;
    }

    public HttpStatusCode StatusCode { get; }

    public string? ReasonPhrase { get; }

    public HttpResponseHeaders Headers { get; }

    public HttpContentHeaders? ContentHeaders { get; protected set; }

    public string? Content { get; set; }

    [MemberNotNullWhen(true, nameof(Content))]
    public bool HasContent => !string.IsNullOrWhiteSpace(Content);

    public static Task<ApiException> Create(HttpRequestMessage message, HttpMethod httpMethod, HttpResponseMessage response, RefitSettings refitSettings)
    {
        ArgumentNullException.ThrowIfNull(response);
        var status = string.Create(
            CultureInfo.InvariantCulture, $"Response status code does not indicate success: {(int)response.StatusCode} ({response.ReasonPhrase}).");
        return Create(status, message, httpMethod, response, refitSettings, null);
    }

    public static async Task<ApiException> Create(
        string exceptionMessage, HttpRequestMessage message, HttpMethod httpMethod, HttpResponseMessage response, RefitSettings refitSettings,
        Exception? innerException)
    {
        ArgumentNullException.ThrowIfNull(response);

        // An answer that broke off, or whose stream was read already, still makes an exception with its status.
        string? content = null;
        try
        {
            content = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException)
        {
        }

        return new ApiException(
            exceptionMessage, message, httpMethod, content, response.StatusCode, response.ReasonPhrase, response.Headers, refitSettings, innerException)
        {
            ContentHeaders = response.Content.Headers,
        };
    }

    public async Task<T?> GetContentAsAsync<T>()
    {
        if (!HasContent) return default;

        using var content = new StringContent(Content);
        return await RefitSettings.ContentSerializer.FromHttpContentAsync<T>(content).ConfigureAwait(false);
    }
}
