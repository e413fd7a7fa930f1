using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

namespace Refit;

/// <summary>An answer with its status and headers; a failure is in <see cref="Error"/> instead of being thrown.</summary>
public interface IApiResponse : IDisposable
{
    HttpResponseHeaders? Headers { get; }

    HttpContentHeaders? ContentHeaders { get; }

    HttpStatusCode? StatusCode { get; }

    string? ReasonPhrase { get; }

    HttpRequestMessage? RequestMessage { get; }

    ApiExceptionBase? Error { get; }

    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    bool IsReceived { get; }

    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    bool IsSuccessStatusCode { get; }

    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    bool IsSuccessful { get; }
}

/// <summary>An answer with its status, headers and typed content.</summary>
public interface IApiResponse<out T> : IApiResponse
{
    T? Content { get; }

    [MemberNotNullWhen(true, nameof(Content))]
    bool HasContent { get; }

    [MemberNotNullWhen(true, nameof(Content))]
    bool IsSuccessfulWithContent { get; }
}

/// <summary>The answer to one call; dispose it to release the connection.</summary>
public sealed class ApiResponse<T>(
    HttpRequestMessage request, HttpResponseMessage? response, T? content, RefitSettings settings, ApiExceptionBase? error = null) : IApiResponse<T>
{
    public T? Content { get; } = content;

    public RefitSettings Settings { get; } = settings;

    public HttpRequestMessage RequestMessage { get; } = request;

    public ApiExceptionBase? Error { get; } = error;

    public HttpResponseHeaders? Headers => response?.Headers;

    public HttpContentHeaders? ContentHeaders => response?.Content.Headers;

    public HttpStatusCode? StatusCode => response?.StatusCode;

    public string? ReasonPhrase => response?.ReasonPhrase;

    [MemberNotNullWhen(true, nameof(Content))]
    public bool HasContent => Content is not null;

    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    public bool IsReceived => response is not null;

    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    public bool IsSuccessStatusCode => response is { IsSuccessStatusCode: true };

    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    public bool IsSuccessful => IsSuccessStatusCode && Error is null;

    [MemberNotNullWhen(true, nameof(Content))]
    public bool IsSuccessfulWithContent => IsSuccessful && HasContent;

    public void Dispose() => response?.Dispose();
}
