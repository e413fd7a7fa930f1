namespace Aigc2d.Gateway.Bodies;

/// <summary>
/// A client's body on its way to another service, up to the limit of all bodies. What is wrong with the body itself comes out as
/// <see cref="BadHttpRequestException"/>, so that it is not taken for a failure of that service.
/// </summary>
internal sealed class IncomingBody : Stream
{
    private readonly Stream _body;
    private long _length;

    /// <exception cref="BadHttpRequestException">It says itself that it is too long.</exception>
    public IncomingBody(HttpRequest request)
    {
        ReadBody.LimitHere(request);
        _body = request.Body;
        if (request.ContentLength > ReadBody.MostBytes) throw TooLarge();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await _body.ReadAsync(buffer, cancellationToken);
            _length += read;
            return _length > ReadBody.MostBytes ? throw TooLarge() : read;
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The request body did not arrive completely.", exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private static BadHttpRequestException TooLarge() => new($"The request body is larger than {ReadBody.MostBytes / (1024 * 1024)} MB.", StatusCodes.Status413PayloadTooLarge);
}
