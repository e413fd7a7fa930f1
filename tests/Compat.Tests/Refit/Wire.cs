using System.Net;
using System.Text;
using Refit;

namespace Aigc2d.Compat.Tests.Refit;

/// <summary>The far end of a client: keeps what was asked and answers what the test says.</summary>
public sealed class Wire : HttpMessageHandler
{
    private readonly Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> _answer;

    public Wire(HttpStatusCode status, string body)
        : this((request, _) => Task.FromResult(new HttpResponseMessage(status)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            RequestMessage = request,
        }))
    {
    }

    public Wire(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => _answer = answer;

    public string? Line { get; private set; }

    public string? Body { get; private set; }

    public string? ContentType { get; private set; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IShelfApi Api(string address = "http://shelf.test", RefitSettings? settings = null) =>
        RestService.For<IShelfApi>(new HttpClient(this) { BaseAddress = new Uri(address) }, settings);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Line = $"{request.Method} {request.RequestUri!.AbsoluteUri}";
        Body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        ContentType = request.Content?.Headers.ContentType?.ToString();
        foreach (var header in request.Headers) Headers[header.Key] = string.Join(',', header.Value);
        return await _answer(request, cancellationToken);
    }
}
