using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Aigc2d.Compat.Tests.Refit;

public sealed class AnswerTests
{
    private static readonly Guid Id = new("2f68dbbf-519d-4f01-9636-e2421b68f379");
    private static readonly Book Emma = new() { Title = "Emma", Year = 1815 };

    private const string EmmaJson = """{"title":"Emma","year":1815}""";

    [Fact]
    public async Task An_error_status_throws_with_status_and_content()
    {
        var wire = new Wire(HttpStatusCode.Conflict, """{"title":"taken"}""");

        var onValue = await Assert.ThrowsAsync<ApiException>(() => wire.Api().GetBookAsync("a", Id, TestContext.Current.CancellationToken));
        var onTask = await Assert.ThrowsAsync<ApiException>(() => wire.Api().PutBookAsync(Id, Emma, TestContext.Current.CancellationToken));

        Assert.Equal((HttpStatusCode.Conflict, """{"title":"taken"}"""), (onValue.StatusCode, onValue.Content));
        Assert.Equal("Response status code does not indicate success: 409 (Conflict).", onValue.Message);
        Assert.Equal(new Book { Title = "taken" }, await onValue.GetContentAsAsync<Book>());
        Assert.Equal((HttpStatusCode.Conflict, """{"title":"taken"}"""), (onTask.StatusCode, onTask.Content));
        Assert.Equal($"http://shelf.test/books/{Id}", onTask.Uri?.AbsoluteUri);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_throws_with_the_cause()
    {
        var wire = new Wire(HttpStatusCode.OK, """{"year":"long ago"}""");

        var exception = await Assert.ThrowsAsync<ApiException>(() => wire.Api().GetBookAsync("a", Id, TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.OK, exception.StatusCode);
        Assert.IsType<JsonException>(exception.InnerException);
    }

    [Fact]
    public async Task No_content_is_the_default_value()
    {
        Assert.Null(await new Wire(HttpStatusCode.NoContent, "").Api().GetBookAsync("a", Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wrapped_answer_carries_status_content_and_headers()
    {
        using var found = await new Wire(HttpStatusCode.OK, EmmaJson).Api().TryGetBookAsync(Id, TestContext.Current.CancellationToken);
        using var any = await new Wire(HttpStatusCode.OK, EmmaJson).Api().TryGetAnyBookAsync(Id, TestContext.Current.CancellationToken);

        Assert.True(found.IsSuccessful);
        Assert.Equal((HttpStatusCode.OK, Emma, null), (found.StatusCode, found.Content, found.Error));
        Assert.Equal("application/json", found.ContentHeaders?.ContentType?.MediaType);
        Assert.Equal(Emma, any.Content);
    }

    [Fact]
    public async Task A_wrapped_error_does_not_throw()
    {
        using var answer = await new Wire(HttpStatusCode.NotFound, "no such book").Api().TryGetBookAsync(Id, TestContext.Current.CancellationToken);

        Assert.False(answer.IsSuccessful);
        Assert.False(answer.IsSuccessStatusCode);
        Assert.Equal((HttpStatusCode.NotFound, null), (answer.StatusCode, answer.Content));
        Assert.Equal("no such book", Assert.IsType<ApiException>(answer.Error).Content);
    }

    [Fact]
    public async Task A_failed_connection_is_a_request_exception_for_values_and_an_error_for_wrapped_answers()
    {
        var refused = new HttpRequestException("refused");
        var wire = new Wire((_, _) => throw refused);

        var onValue = await Assert.ThrowsAsync<ApiRequestException>(() => wire.Api().GetBookAsync("a", Id, TestContext.Current.CancellationToken));
        using var wrapped = await wire.Api().TryGetBookAsync(Id, TestContext.Current.CancellationToken);
        var onTask = await Assert.ThrowsAsync<HttpRequestException>(() => wire.Api().DeleteBookAsync(Id, TestContext.Current.CancellationToken));

        Assert.Same(refused, onValue.InnerException);
        Assert.Same(refused, wrapped.Error?.InnerException);
        Assert.False(wrapped.IsReceived);
        Assert.Null(wrapped.StatusCode);
        Assert.Same(refused, onTask);
    }

    [Fact]
    public async Task The_transport_factory_decides_what_a_failed_connection_throws()
    {
        var settings = new RefitSettings { TransportExceptionFactory = (_, exception, _) => exception };
        var wire = new Wire((_, _) => throw new HttpRequestException("refused"));

        await Assert.ThrowsAsync<HttpRequestException>(() => wire.Api(settings: settings).GetBookAsync("a", Id, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<HttpRequestException>(() => wire.Api(settings: settings).TryGetBookAsync(Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_callers_cancellation_passes_through_unwrapped()
    {
        using var cancel = new CancellationTokenSource();
        var wire = new Wire(async (_, token) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("Not cancelled.");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wire.Api().GetBookAsync("a", Id, cancel.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wire.Api().TryGetBookAsync(Id, cancel.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wire.Api().DeleteBookAsync(Id, cancel.Token));
    }

    [Fact]
    public async Task A_raw_response_is_handed_over_whatever_its_status()
    {
        using var response = await new Wire(HttpStatusCode.BadGateway, "cover").Api().GetCoverAsync(Id, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("cover", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_registered_client_goes_through_the_factorys_handlers()
    {
        var wire = new Wire(HttpStatusCode.OK, EmmaJson);
        var services = new ServiceCollection();
        services.AddRefitGeneratedClient<IShelfApi>(new RefitSettings())
            .ConfigureHttpClient(client => client.BaseAddress = new Uri("http://registered.test"))
            .ConfigurePrimaryHttpMessageHandler(() => wire);
        await using var provider = services.BuildServiceProvider();

        var book = await provider.GetRequiredService<IShelfApi>().GetBookAsync("a", Id, TestContext.Current.CancellationToken);

        Assert.Equal(Emma, book);
        Assert.Equal($"GET http://registered.test/shelves/a/books/{Id}", wire.Line);
    }
}
