using System.Net;
using System.Text.Json;
using Refit;

namespace Aigc2d.Compat.Tests.Refit;

public sealed class RequestTests
{
    private static readonly Guid Id = new("2f68dbbf-519d-4f01-9636-e2421b68f379");
    private static readonly Book Emma = new() { Title = "Emma", Year = 1815 };

    [Fact]
    public async Task Placeholders_take_arguments_escaped_and_by_alias()
    {
        var wire = new Wire(HttpStatusCode.OK, """{"title":"Emma","year":1815}""");

        var book = await wire.Api().GetBookAsync("a/b c?d", Id, TestContext.Current.CancellationToken);

        Assert.Equal($"GET http://shelf.test/shelves/a%2Fb%20c%3Fd/books/{Id}", wire.Line);
        Assert.Equal(Emma, book);
        Assert.Null(wire.Body);
    }

    [Theory]
    [InlineData("http://shelf.test", "http://shelf.test/books/")]
    [InlineData("http://shelf.test/", "http://shelf.test/books/")]
    [InlineData("http://shelf.test/api", "http://shelf.test/api/books/")]
    [InlineData("http://shelf.test/api/", "http://shelf.test/api/books/")]
    public async Task Paths_are_appended_to_the_base_address(string address, string start)
    {
        var wire = new Wire(HttpStatusCode.NoContent, "");

        await wire.Api(address).DeleteBookAsync(Id, TestContext.Current.CancellationToken);

        Assert.Equal($"DELETE {start}{Id}", wire.Line);
    }

    [Fact]
    public async Task Other_arguments_become_the_query_and_nulls_are_left_out()
    {
        var wire = new Wire(HttpStatusCode.OK, "[]");
        var api = wire.Api();

        await api.FindBooksAsync("Sense & Sensibility", null, "year", TestContext.Current.CancellationToken);
        Assert.Equal("GET http://shelf.test/books?title=Sense%20%26%20Sensibility&sort-by=year", wire.Line);

        await api.FindBooksAsync(null, null, null, TestContext.Current.CancellationToken);
        Assert.Equal("GET http://shelf.test/books", wire.Line);
    }

    [Fact]
    public async Task Collections_repeat_their_name_and_join_a_query_that_the_path_has()
    {
        var wire = new Wire(HttpStatusCode.OK, "[]");

        await wire.Api().ListBooksAsync([1815, 1816], lent: true, TestContext.Current.CancellationToken);

        Assert.Equal("GET http://shelf.test/books?format=short&years=1815&years=1816&lent=True", wire.Line);
    }

    [Fact]
    public async Task Bodies_are_json_of_known_length_by_the_settings_of_the_client()
    {
        var wire = new Wire(HttpStatusCode.OK, """{"Title":"Emma"}""");
        var settings = new RefitSettings(new SystemTextJsonContentSerializer(new JsonSerializerOptions()));

        var added = await wire.Api(settings: settings).AddBookAsync(Emma, "r-1", TestContext.Current.CancellationToken);

        Assert.Equal("POST http://shelf.test/books", wire.Line);
        Assert.Equal("""{"Title":"Emma","Year":1815}""", wire.Body);
        Assert.Equal("application/json; charset=utf-8", wire.ContentType);
        Assert.Equal(new Book { Title = "Emma" }, added);
        using var content = settings.ContentSerializer.ToHttpContent(Emma);
        Assert.Equal(28, content.Headers.ContentLength);
    }

    [Fact]
    public async Task Headers_come_from_the_interface_the_method_and_the_arguments()
    {
        var wire = new Wire(HttpStatusCode.OK, """{"title":"Emma"}""");
        var api = wire.Api();

        await api.AddBookAsync(Emma, "r-1", TestContext.Current.CancellationToken);
        Assert.Equal(
            new Dictionary<string, string> { ["X-Shelf"] = "oak", ["X-Dropped"] = "by default", ["X-Reader"] = "r-1" }, wire.Headers);

        wire.Headers.Clear();
        await api.AddBookAsync(Emma, null, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("X-Reader", wire.Headers.Keys);

        using var patch = new StringContent("{}");
        await api.PatchBookAsync(Id, patch, TestContext.Current.CancellationToken);
        Assert.Equal("by the method", wire.Headers["X-Dropped"]);
    }

    [Fact]
    public async Task Content_is_sent_as_it_is()
    {
        var wire = new Wire(HttpStatusCode.OK, "");
        using var patch = new StringContent("""[{"op":"remove"}]""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json-patch+json"));

        await wire.Api().PatchBookAsync(Id, patch, TestContext.Current.CancellationToken);

        Assert.Equal($"PATCH http://shelf.test/books/{Id}", wire.Line);
        Assert.Equal("""[{"op":"remove"}]""", wire.Body);
        Assert.Equal("application/json-patch+json", wire.ContentType);
    }

    [Fact]
    public void What_the_stand_in_cannot_do_is_refused_when_the_client_is_made()
    {
        using var client = new HttpClient(new Wire(HttpStatusCode.OK, "")) { BaseAddress = new Uri("http://shelf.test") };

        Assert.Contains("Unmarked", Inner(() => RestService.For<IUnmarked>(client)).Message, StringComparison.Ordinal);
        Assert.Contains("mark a body with [Body]", Inner(() => RestService.For<IBareBody>(client)).Message, StringComparison.Ordinal);
        Assert.Contains("{shelf}", Inner(() => RestService.For<IMissing>(client)).Message, StringComparison.Ordinal);
        Assert.Contains("return type", Inner(() => RestService.For<ISynchronous>(client)).Message, StringComparison.Ordinal);
    }

    private static Exception Inner(Action make) => Assert.Throws<TypeInitializationException>(make).InnerException!;

    public interface IUnmarked
    {
        Task UnmarkedAsync();
    }

    public interface IBareBody
    {
        [Post("/books")]
        Task AddAsync(Book book);
    }

    public interface IMissing
    {
        [Get("/shelves/{shelf}")]
        Task GetAsync(string other);
    }

    public interface ISynchronous
    {
        [Get("/books")]
        Book Borrow();
    }
}
