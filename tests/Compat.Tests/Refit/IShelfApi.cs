using Refit;

namespace Aigc2d.Compat.Tests.Refit;

/// <summary>A client interface with one method per thing that the stand-in can do.</summary>
[Headers("X-Shelf: oak", "X-Dropped: by default")]
public interface IShelfApi
{
    [Get("/shelves/{shelf}/books/{bookId}")]
    Task<Book> GetBookAsync(string shelf, [AliasAs("bookId")] Guid id, CancellationToken ct = default);

    [Get("/books")]
    Task<Book[]> FindBooksAsync(string? title, int? year, [AliasAs("sort-by")] string? sort = null, CancellationToken ct = default);

    [Get("/books?format=short")]
    Task<Book[]> ListBooksAsync([Query(CollectionFormat.Multi)] IEnumerable<int> years, bool lent, CancellationToken ct = default);

    [Post("/books")]
    Task<Book> AddBookAsync([Body] Book body, [Header("X-Reader")] string? reader, CancellationToken ct = default);

    [Put("/books/{id}")]
    Task PutBookAsync(Guid id, [Body] Book body, CancellationToken ct = default);

    [Patch("/books/{id}")]
    [Headers("X-Dropped: by the method")]
    Task PatchBookAsync(Guid id, [Body] HttpContent body, CancellationToken ct = default);

    [Delete("/books/{id}")]
    Task DeleteBookAsync(Guid id, CancellationToken ct = default);

    [Get("/books/{id}")]
    Task<ApiResponse<Book>> TryGetBookAsync(Guid id, CancellationToken ct = default);

    [Get("/books/{id}")]
    Task<IApiResponse<Book>> TryGetAnyBookAsync(Guid id, CancellationToken ct = default);

    [Get("/books/{id}/cover")]
    Task<HttpResponseMessage> GetCoverAsync(Guid id, CancellationToken ct = default);
}

public sealed record Book
{
    public required string Title { get; init; }

    public int Year { get; init; }
}
